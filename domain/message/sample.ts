/** The six sensors of a cylinder in the order of model features, `why` and stored columns: °C, mm/s, mm/s, A, %, RPM. */
export const SENSORS = [
  'rVibration_Temp',
  'rVibration_Z_RMS_Velocity',
  'rVibration_X_RMS_Velocity',
  'wRMSCurrent',
  'wCurrentLoad',
  'wEncoderVelocity',
] as const;

export type Sensor = (typeof SENSORS)[number];

/** The unit of each sensor, and to how many decimals it is written. */
export const SENSOR_UNITS: Readonly<Record<Sensor, Readonly<{ unit: string; digits: number }>>> = {
  rVibration_Temp: { unit: '°C', digits: 1 },
  rVibration_Z_RMS_Velocity: { unit: 'mm/s', digits: 2 },
  rVibration_X_RMS_Velocity: { unit: 'mm/s', digits: 2 },
  wRMSCurrent: { unit: 'A', digits: 2 },
  wCurrentLoad: { unit: '%', digits: 0 },
  wEncoderVelocity: { unit: 'RPM', digits: 0 },
};

/** One value for each of SENSORS, in that order; null where a sensor did not answer. */
export type SensorValues = readonly (number | null)[];

/** What a model on trial says of a sample: 0…1, and which model that is. */
export type Challenge = Readonly<{ model: string; probability: number }>;

/** One scored second of one cylinder. (cylinder, boot, seq) names it for ever; without them, (cylinder, t). */
export type Sample = Readonly<{
  cylinder: string;
  gateway: string;
  /** Event time by the gateway's clock, ms since the epoch. */
  t: number;
  boot: string | null;
  seq: number | null;
  model: string | null;
  values: SensorValues;
  /** The model's probability of abnormal, 0…1. */
  probability: number;
  /** Contribution of each sensor to the log-odds, in the order of SENSORS. */
  why: readonly number[] | null;
  /** Absent where no model is on trial. It is stored, and the alarm never looks at it. */
  challenger?: Challenge;
}>;

/** The sample as it would have been without a model on trial. */
export const withoutChallenger = ({ challenger: _, ...sample }: Sample): Sample => sample;

/** The latest time that a JavaScript date can hold, ms since the epoch. */
export const LATEST_MS = 8.64e15;
