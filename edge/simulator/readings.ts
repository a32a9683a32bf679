import type { SensorValues } from '../../domain/message/sample.ts';

/** What the six sensors of a cylinder show in one second. */
export type Readings = Readonly<{
  temperatureC: number;
  vibrationZMmS: number;
  vibrationXMmS: number;
  currentA: number;
  loadPercent: number;
  velocityRpm: number;
}>;

/** The readings in the order of SENSORS, with the resolution of real transmitters. */
export const toSensorValues = (readings: Readings): SensorValues => [
  rounded(readings.temperatureC, 100),
  rounded(readings.vibrationZMmS, 1000),
  rounded(readings.vibrationXMmS, 1000),
  rounded(readings.currentA, 1000),
  rounded(Math.min(150, readings.loadPercent), 100),
  rounded(readings.velocityRpm, 1),
];

const rounded = (value: number, stepsPerUnit: number): number =>
  Math.round(Math.max(0, value) * stepsPerUnit) / stepsPerUnit;
