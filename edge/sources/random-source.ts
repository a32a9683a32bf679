import { SENSORS, type Sensor } from '../../domain/message/sample.ts';
import { between } from '../simulator/noise.ts';
import type { SourceSample } from './source.ts';

const RANGES: Readonly<Record<Sensor, readonly [low: number, high: number]>> = {
  rVibration_Temp: [20, 100],
  rVibration_Z_RMS_Velocity: [0, 10],
  rVibration_X_RMS_Velocity: [0, 10],
  wRMSCurrent: [0, 10],
  wCurrentLoad: [0, 100],
  wEncoderVelocity: [0, 3000],
};

/** Six independent uniform values for each of `cylinders` every second from `fromMs` on: no machine, only traffic, repeatable by `seed`. */
export function* randomSource(options: {
  cylinders: readonly string[];
  seed: number;
  fromMs: number;
}): Generator<readonly SourceSample[], never> {
  for (let t = options.fromMs; ; t += 1000) {
    yield options.cylinders.map((cylinder, index) => ({
      cylinder,
      t,
      values: SENSORS.map((sensor, column) => {
        const [low, high] = RANGES[sensor];
        const value = between(low, high, options.seed, index, column, Math.floor(t / 1000));
        return Math.round(value * 1000) / 1000;
      }),
      label: null,
    }));
  }
}
