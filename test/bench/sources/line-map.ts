import { SENSORS } from '../../../domain/message/sample.ts';

/** By what the values of a line come. */
export const SOURCE_KINDS = ['modbus', 'opcua', 'sparkplug', 'mqtt'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

export const CYLINDERS = 100;
export const PERIOD_MS = 1000;
export const cylinderName = (index: number): string => `cyl-${String(index).padStart(3, '0')}`;
export const CYLINDER_NAMES = Array.from({ length: CYLINDERS }, (_, index) => cylinderName(index));

/** What each sensor is called where it comes from. */
export const PLACE_NAMES = ['Temp', 'VelocityZ', 'VelocityX', 'Current', 'Load', 'Speed'] as const;
export const FIRST_REGISTER = 5200;
/** The topic of a device that publishes JSON of its own form. */
export const deviceTopic = (cylinder: string): string => `plant/${cylinder}/SENSOR`;
export const SPARKPLUG_GROUP = 'plant';
export const SPARKPLUG_NODE = 'line1';
export const OPCUA_NAMESPACE = 'urn:test:line';

/** The six values of a cylinder in one second, as whole numbers that differ from one second to the next. */
export const rawValues = (cylinder: number, second: number): readonly number[] => {
  const step = (7 * cylinder + second) % 50;
  return [4600 + step, 230 + step, 190 + step, 340 + step, 4100 + step, 1180 + (step % 10)];
};

const SCALES = [0.01, 0.01, 0.01, 0.01, 0.01, 1];

const sensorsAt = (from: (name: string, index: number) => string) =>
  Object.fromEntries(
    SENSORS.map((sensor, index) => [
      sensor,
      { from: from(PLACE_NAMES[index] ?? '', index), scale: SCALES[index], min: -40, max: 10_000 },
    ]),
  );

/** The map of the line, for a server or broker at a port. */
export const lineMap = (kind: SourceKind, port: number, folder: string): unknown => {
  switch (kind) {
    case 'modbus':
      return {
        modbus: {
          host: '127.0.0.1',
          port,
          devices: CYLINDER_NAMES.map((cylinder, index) => ({ cylinder, unit: index + 1 })),
        },
        periodMs: PERIOD_MS,
        sensors: sensorsAt((_, index) => `holding ${FIRST_REGISTER + index}`),
      };
    case 'opcua':
      return {
        opcua: {
          url: `opc.tcp://127.0.0.1:${port}`,
          pki: `${folder}/pki`,
          devices: CYLINDER_NAMES.map((cylinder) => ({ cylinder, at: cylinder })),
        },
        periodMs: PERIOD_MS,
        sensors: sensorsAt((name) => `nsu=${OPCUA_NAMESPACE};s={at}.${name}`),
      };
    case 'sparkplug':
      return {
        sparkplug: { broker: `mqtt://127.0.0.1:${port}`, group: SPARKPLUG_GROUP },
        periodMs: PERIOD_MS,
        sensors: sensorsAt((name) => name),
      };
    case 'mqtt':
      return {
        topics: [deviceTopic('+')],
        gateway: 'line-1',
        cylinder: { topic: 2 },
        time: 'Time',
        sensors: sensorsAt((name) => `Values.${name}`),
      };
  }
};
