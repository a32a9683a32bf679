import { SENSORS } from '../../../domain/message/sample.ts';
import { unsupported } from '../model-error.ts';

const KNOWN: readonly string[] = SENSORS;

/** For each feature of a model its place in SENSORS: by name, or in order where the model has no names of its own. */
export const sensorOrder = (featureNames: readonly string[] | null): readonly number[] => {
  if (featureNames === null || featureNames.every((name, i) => name === `f${i}`))
    return SENSORS.map((_, i) => i);
  const order = featureNames.map((name) => KNOWN.indexOf(name));
  if (order.length !== SENSORS.length || new Set(order).size !== SENSORS.length || order.includes(-1))
    throw unsupported(
      `its features are named ${featureNames.slice(0, 8).join(', ')}`,
      `train it on ${SENSORS.join(', ')}`,
    );
  return order;
};
