import { SENSORS, type Sensor, type SensorValues } from '../message/sample.ts';
import type { Advice, Deviation } from './notice.ts';

/** A deviation in a unit that compares: how much of the way from the usual to what is possible, −1…1, by its direction. */
export type Shift = Deviation & Readonly<{ share: number }>;

/** The advice with the sensor that led to it; null where none did. */
export type Finding = Readonly<{ advice: Advice; lead: Sensor | null }>;

/** What moved this much more than another thing is what moved. */
const CLEARLY = 1.5;
/** Contributions to the log-odds decide between two that moved alike where one is this much the other. */
const DECISIVE = 2;
/** The two vibrations have causes of their own from this difference on. */
const APART = 1.1;
/** Less of the usual speed than this is no speed: an encoder that stands still, or a rod that does. */
const STANDSTILL = -0.75;
/** A drive that has used up so much of what it has left pushes against something. */
const BLOCKED = 0.5;

const UNCLEAR: Finding = { advice: 'unclear', lead: null };

/** A thing that may be what moved: its strongest sensor, how far that moved, and what the model makes of it. */
type Candidate = Readonly<{ sensor: Sensor; share: number; why: number }>;

type Shares = Readonly<Record<Sensor, number>>;

const sharesOf = (shifts: readonly Shift[]): Shares => {
  const of = (sensor: Sensor): number => shifts.find((shift) => shift.sensor === sensor)?.share ?? 0;
  return {
    rVibration_Temp: of('rVibration_Temp'),
    rVibration_Z_RMS_Velocity: of('rVibration_Z_RMS_Velocity'),
    rVibration_X_RMS_Velocity: of('rVibration_X_RMS_Velocity'),
    wRMSCurrent: of('wRMSCurrent'),
    wCurrentLoad: of('wCurrentLoad'),
    wEncoderVelocity: of('wEncoderVelocity'),
  };
};

/** The ways in which parts fail, by the sensors that show it; heat follows from all of them and leads to none. */
const candidatesOf = (shares: Shares, why: SensorValues | null): readonly Candidate[] => {
  const candidate = (towards: 1 | -1, ...sensors: readonly [Sensor, ...Sensor[]]): Candidate => {
    const sensor = sensors.reduce((a, b) => (shares[b] * towards > shares[a] * towards ? b : a));
    const contributions = sensors.map((each) => why?.[SENSORS.indexOf(each)] ?? 0);
    return {
      sensor,
      share: shares[sensor] * towards,
      why: contributions.reduce((sum, contribution) => sum + contribution, 0),
    };
  };
  return [
    candidate(1, 'rVibration_Z_RMS_Velocity', 'rVibration_X_RMS_Velocity'),
    candidate(1, 'wRMSCurrent', 'wCurrentLoad'),
    candidate(-1, 'wEncoderVelocity'),
  ]
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share);
};

/** Whether one moved clearly more than another, or alike and decisively more in the eyes of the model. */
const outdoes = (one: Candidate, other: Candidate): boolean => {
  if (one.share >= CLEARLY * other.share) return true;
  const isAlike = other.share < CLEARLY * one.share;
  return isAlike && one.why > 0 && one.why >= DECISIVE * other.why;
};

/** The candidate that outdoes all others; none where it is not clear. */
const leadOf = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.find((one) => candidates.every((other) => other === one || outdoes(one, other)));

const onShaking = (shares: Shares): Advice => {
  const { rVibration_Z_RMS_Velocity: z, rVibration_X_RMS_Velocity: x, rVibration_Temp: heat } = shares;
  if (x > APART * z) return 'mounting';
  if (z <= APART * x) return 'unclear';
  return heat > 0 ? 'bearing' : 'rod-guide';
};

const adviceBy = (lead: Sensor, shares: Shares): Advice => {
  switch (lead) {
    case 'rVibration_Z_RMS_Velocity':
    case 'rVibration_X_RMS_Velocity':
      return onShaking(shares);
    case 'wRMSCurrent':
    case 'wCurrentLoad':
      return 'load';
    case 'wEncoderVelocity':
      return shares.wEncoderVelocity <= STANDSTILL ? 'encoder' : 'seals';
    case 'rVibration_Temp':
      return 'cooling';
  }
};

/** Standing still against a drive near its limit: a jam would otherwise look like an encoder that reads nothing. */
const isJammed = (shares: Shares): boolean =>
  shares.wEncoderVelocity <= STANDSTILL && shares.wCurrentLoad >= BLOCKED;

/**
 * What a technician should look at first: what moved most, as a share of the possible, `shifts` in that order. `why` is
 * what each sensor contributed to the log-odds while abnormal. The cylinder as a whole where no sensor has moved, and
 * `unclear` while the usual is not known or more than one thing has moved alike.
 */
export const adviceOn = (shifts: readonly Shift[], why: SensorValues | null): Finding => {
  if (shifts.every(({ low }) => low === null)) return UNCLEAR;
  const shares = sharesOf(shifts);
  const moved = shifts.filter(({ share }) => share !== 0);
  if (moved.length === 0) return { advice: 'cylinder', lead: null };
  if (isJammed(shares)) return { advice: 'load', lead: 'wCurrentLoad' };
  const candidates = candidatesOf(shares, why);
  const lead = leadOf(candidates);
  const isHotAlone = candidates.length === 0 && shares.rVibration_Temp > 0;
  const sensor = lead?.sensor ?? (isHotAlone ? 'rVibration_Temp' : null);
  if (sensor === null) return UNCLEAR;
  // What moved most may have moved in a way that no part is known by: a load that is gone, a sensor that reads nothing.
  const most = moved.find((shift) => shift.sensor !== 'rVibration_Temp') ?? moved[0];
  if (most !== undefined && Math.abs(most.share) > CLEARLY * Math.abs(shares[sensor])) return UNCLEAR;
  const advice = adviceBy(sensor, shares);
  return { advice, lead: advice === 'unclear' ? null : sensor };
};
