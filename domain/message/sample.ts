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
}>;

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,3}))?$/;

/** The latest time that a JavaScript date can hold, ms since the epoch. */
export const LATEST_MS = 8.64e15;

const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= LATEST_MS;

/** Reads `YYYY-MM-DD HH:MM:SS[.mmm]` as UTC; null where it is no such text or no such day. */
const fromDateTime = (value: unknown): number | null => {
  if (typeof value !== 'string') return null;
  const match = DATE_TIME.exec(value);
  if (match === null) return null;
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  const ms = Date.parse(iso);
  return isTime(ms) && new Date(ms).toISOString() === iso ? ms : null;
};

const fromSeconds = (value: unknown): number | null => {
  if (typeof value !== 'number') return null;
  const ms = Math.round(value * 1000);
  return isTime(ms) ? ms : null;
};

/**
 * The event time of a sample, ms since the epoch: `t` in whole ms, else `sDateTime` in UTC, else `timeInSeconds`.
 * Null where the first of them that is there is not a time, or where there is none.
 */
export const eventTime = (fields: Readonly<Record<string, unknown>>): number | null => {
  if (fields.t !== undefined) return isTime(fields.t) ? fields.t : null;
  if (fields.sDateTime !== undefined) return fromDateTime(fields.sDateTime);
  return fromSeconds(fields.timeInSeconds);
};
