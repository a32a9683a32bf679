import type { Sensor } from '../message/sample.ts';

/** What a unit needs to know beside the value: at which frequency a machine vibrates, Hz, and what a volt stands for. */
export type UnitNeeds = Readonly<{ hz?: number | undefined; perVolt?: number | undefined }>;

type Unit = Readonly<{ needs?: keyof UnitNeeds; convert: (value: number, need: number) => number }>;

const MM_PER_S2_PER_G = 9_806.65;
const RMS_PER_PEAK = Math.SQRT1_2;

const times = (factor: number): Unit => ({ convert: (value) => value * factor });
/** Of a sine of a frequency: its velocity is its acceleration by 2πf, mm/s. */
const acceleration = (mmPerS2: number): Unit => ({
  needs: 'hz',
  convert: (value, hz) => (value * mmPerS2) / (2 * Math.PI * hz),
});
const displacement = (mm: number): Unit => ({
  needs: 'hz',
  convert: (value, hz) => value * mm * 2 * Math.PI * hz,
});
const volts = (factor: number): Unit => ({
  needs: 'perVolt',
  convert: (value, perVolt) => value * factor * perVolt,
});

const VOLTS: Readonly<Record<string, Unit>> = { V: volts(1), mV: volts(1e-3) };

const TEMPERATURES: Readonly<Record<string, Unit>> = {
  '°C': times(1),
  C: times(1),
  '°F': { convert: (value) => ((value - 32) * 5) / 9 },
  F: { convert: (value) => ((value - 32) * 5) / 9 },
  K: { convert: (value) => value - 273.15 },
  ...VOLTS,
};

const VELOCITIES: Readonly<Record<string, Unit>> = {
  'mm/s': times(1),
  'mm/s peak': times(RMS_PER_PEAK),
  'cm/s': times(10),
  'm/s': times(1000),
  'in/s': times(25.4),
  'inch/s': times(25.4),
  'in/s peak': times(25.4 * RMS_PER_PEAK),
  'inch/s peak': times(25.4 * RMS_PER_PEAK),
  g: acceleration(MM_PER_S2_PER_G),
  'g peak': acceleration(MM_PER_S2_PER_G * RMS_PER_PEAK),
  mg: acceleration(MM_PER_S2_PER_G / 1000),
  'm/s2': acceleration(1000),
  'm/s²': acceleration(1000),
  um: displacement(1e-3),
  µm: displacement(1e-3),
  mil: displacement(0.0254),
  ...VOLTS,
};

const CURRENTS: Readonly<Record<string, Unit>> = {
  A: times(1),
  mA: times(1e-3),
  kA: times(1e3),
  'A peak': times(RMS_PER_PEAK),
  ...VOLTS,
};

const LOADS: Readonly<Record<string, Unit>> = {
  '%': times(1),
  ratio: times(100),
  '‰': times(0.1),
  ...VOLTS,
};

const SPEEDS: Readonly<Record<string, Unit>> = {
  RPM: times(1),
  rpm: times(1),
  '1/min': times(1),
  Hz: times(60),
  '1/s': times(60),
  'rad/s': times(30 / Math.PI),
  '°/s': times(1 / 6),
  'deg/s': times(1 / 6),
  ...VOLTS,
};

/** The units that a sensor may be measured in, by name, each with how it becomes that of SENSOR_UNITS. */
const UNITS: Readonly<Record<Sensor, Readonly<Record<string, Unit>>>> = {
  rVibration_Temp: TEMPERATURES,
  rVibration_Z_RMS_Velocity: VELOCITIES,
  rVibration_X_RMS_Velocity: VELOCITIES,
  wRMSCurrent: CURRENTS,
  wCurrentLoad: LOADS,
  wEncoderVelocity: SPEEDS,
};

const unitOf = (sensor: Sensor, name: string): Unit | undefined =>
  Object.hasOwn(UNITS[sensor], name) ? UNITS[sensor][name] : undefined;

/** Why a unit cannot be converted for a sensor, as the end of a sentence, or null where it can. */
export const unitFault = (sensor: Sensor, name: string, needs: UnitNeeds): string | null => {
  const unit = unitOf(sensor, name);
  if (unit === undefined)
    return `is none for this sensor; it may be ${Object.keys(UNITS[sensor]).join(', ')}`;
  if (unit.needs === undefined || needs[unit.needs] !== undefined) return null;
  return unit.needs === 'hz'
    ? 'needs hz, the frequency at which the machine vibrates (its revolutions a second)'
    : 'needs perVolt, what one volt stands for in the unit of this sensor';
};

/** How a value in a unit becomes one in the unit of its sensor; as it is where no unit is named. */
export const unitConversion = (
  sensor: Sensor,
  name: string | undefined,
  needs: UnitNeeds,
): ((value: number) => number) => {
  const unit = name === undefined ? undefined : unitOf(sensor, name);
  if (unit === undefined) return (value) => value;
  const need = (unit.needs === undefined ? undefined : needs[unit.needs]) ?? 1;
  return (value) => unit.convert(value, need);
};
