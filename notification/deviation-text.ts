import type { Sensor } from '../domain/message/sample.ts';
import type { Deviation } from '../domain/notice/deviations.ts';
import type { NoticeWords } from './locales/notice-words.ts';

/** The unit of each sensor, and to how many decimals it is told. */
const SENSOR_UNITS: Readonly<Record<Sensor, Readonly<{ unit: string; digits: number }>>> = {
  rVibration_Temp: { unit: '°C', digits: 1 },
  rVibration_Z_RMS_Velocity: { unit: 'mm/s', digits: 2 },
  rVibration_X_RMS_Velocity: { unit: 'mm/s', digits: 2 },
  wRMSCurrent: { unit: 'A', digits: 2 },
  wCurrentLoad: { unit: '%', digits: 0 },
  wEncoderVelocity: { unit: 'RPM', digits: 0 },
};

/** A sensor with its value, as `speed 512 RPM`. */
export const sensorText = ({ sensor, value }: Deviation, words: NoticeWords): string => {
  const { unit, digits } = SENSOR_UNITS[sensor];
  return `${words.sensors[sensor]} ${value.toFixed(digits)} ${unit}`;
};

/** A sensor with its value and usual range, as `speed 512 RPM (usually 980–1180)`. */
export const deviationText = (mover: Deviation, words: NoticeWords): string => {
  const { sensor, low, high } = mover;
  const { digits } = SENSOR_UNITS[sensor];
  const usual =
    low === null || high === null
      ? words.usualUnknown
      : words.usual(Math.max(0, low).toFixed(digits), high.toFixed(digits));
  return `${sensorText(mover, words)} (${usual})`;
};
