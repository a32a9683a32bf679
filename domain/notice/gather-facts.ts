import { forecastIn } from '../alarm/state/output.ts';
import type { CylinderState, Incident } from '../alarm/state/state.ts';
import { deviationOf, rangeOf } from '../cylinder/baseline.ts';
import type { Statistics } from '../cylinder/statistics.ts';
import { endOfIncident } from '../incident/incident-record.ts';
import { SENSORS, type Sensor, type SensorValues } from '../message/sample.ts';
import type { Advice, Deviation, NoticeFacts } from './notice.ts';

/** A deviation in a unit that compares: how much of the way from the usual to what is possible, −1…1, by its direction. */
type Shift = Deviation & Readonly<{ share: number }>;

/** The advice with the sensor that led to it; null where none did. */
type Finding = Readonly<{ advice: Advice; lead: Sensor | null }>;

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

/** Standard deviations from the usual mean within which a sensor has not moved. */
const MIN_DEVIATION = 2;

/**
 * What a sensor can show at all. Seals and grease stand 80 °C (the usual limit of a cylinder's data sheet); vibration,
 * current and speed have no upper limit of their own.
 */
const POSSIBLE: Readonly<Record<Sensor, Readonly<{ least: number; most: number | null }>>> = {
  rVibration_Temp: { least: -20, most: 80 },
  rVibration_Z_RMS_Velocity: { least: 0, most: null },
  rVibration_X_RMS_Velocity: { least: 0, most: null },
  wRMSCurrent: { least: 0, most: null },
  wCurrentLoad: { least: 0, most: 100 },
  wEncoderVelocity: { least: 0, most: null },
};

/** The part of the room above or below the usual that was used up; with no limit above, the part of the value that is new. */
const shareOf = (sensor: Sensor, usual: number, value: number): number => {
  const { least, most } = POSSIBLE[sensor];
  if (value < usual) return usual <= least ? 0 : -Math.min(1, (usual - value) / (usual - least));
  if (most !== null && usual < most) return Math.min(1, (value - usual) / (most - usual));
  return value <= 0 ? 0 : Math.min(1, (value - usual) / value);
};

/** How far each sensor that answered has moved while the cylinder was abnormal (of late, where it was not), the most first. */
export const shiftsOf = ({ abnormal, recent, baselines }: Statistics): readonly Shift[] =>
  SENSORS.flatMap((sensor, index): Shift[] => {
    const value = abnormal?.values[index] ?? recent[index] ?? null;
    const known = baselines[index];
    if (value === null || known === undefined) return [];
    const range = rangeOf(known);
    const deviation = deviationOf(known, value);
    const share = Math.abs(deviation) < MIN_DEVIATION ? 0 : shareOf(sensor, known.mean, value);
    return [{ sensor, value, low: range?.low ?? null, high: range?.high ?? null, deviation, share }];
  }).sort((a, b) => Math.abs(b.share) - Math.abs(a.share) || Math.abs(b.deviation) - Math.abs(a.deviation));

/** How many sensors a notice names. */
const NAMED_SENSORS = 2;

/** Whether a sensor is of note: beyond what is usual, or its usual is not known yet. */
const isUnusual = ({ value, low, high, share }: Shift): boolean =>
  low === null || high === null || (share !== 0 && (value < low || value > high));

/** The sensors that a notice names, the one that led to its advice first; none that is as usual. */
const named = (shifts: readonly Shift[], { lead }: Finding): readonly Deviation[] =>
  shifts
    .filter(isUnusual)
    .toSorted((a, b) => Number(b.sensor === lead) - Number(a.sensor === lead))
    .slice(0, NAMED_SENSORS)
    .map(({ share: _, ...deviation }) => deviation);

/** The probability that belongs to the share: the window ends before the last sample, as it waits for stragglers. */
const probabilityOf = (
  { window }: CylinderState,
  { abnormal, normalProbability, last }: Statistics,
): number => (window.abnormalSlots > 0 ? abnormal?.probability : normalProbability) ?? last.probability;

/** Since when a reopened incident is abnormal again: the start of the slot that reopened it, or its last abnormal one before that. */
const backSinceOf = (
  { reopenings, raisedSlots, raisedAt, abnormalAt }: Incident,
  { samplePeriodMs, window }: CylinderState,
): number | null => {
  const slot = raisedSlots.at(-1);
  if (reopenings === 0 || slot === undefined || abnormalAt === null) return null;
  const reopenedAt = slot * samplePeriodMs;
  // After a new sample period, the slots of an incident before it are numbered by another one.
  const isOfThisPeriod = reopenedAt > raisedAt && reopenedAt <= abnormalAt + window.size * samplePeriodMs;
  return isOfThisPeriod ? Math.min(reopenedAt, abnormalAt) : null;
};

/** What is known of a cylinder as a notice is made of one of its incidents; null where no sample of it was ever seen. */
export const gatherFacts = (
  incidentId: string | null,
  alarm: CylinderState,
  statistics: Statistics | null,
): NoticeFacts | null => {
  if (statistics === null) return null;
  const { window, samplePeriodMs } = alarm;
  const incident = alarm.incident?.id === incidentId ? alarm.incident : null;
  const shifts = shiftsOf(statistics);
  const backSince = incident === null ? null : backSinceOf(incident, alarm);
  const finding = adviceOn(shifts, statistics.abnormal?.why ?? null);
  return {
    gateway: alarm.gateway,
    beganAt: incident?.beganAt ?? null,
    ...(backSince === null ? {} : { backSince }),
    lastAbnormalAt: incident?.abnormalAt ?? null,
    quietSince: alarm.condition === 'CLEARING' ? (incident?.abnormalAt ?? null) : null,
    endedAt: incident === null ? null : endOfIncident(incident),
    endedBy: incident?.endedBy ?? null,
    abnormalShare: window.countedSlots === 0 ? 0 : window.abnormalSlots / window.countedSlots,
    windowMs: window.size * samplePeriodMs,
    probability: probabilityOf(alarm, statistics),
    deviations: named(shifts, finding),
    advice: finding.advice,
    ...(statistics.drift?.since == null ? {} : { drifted: true }),
    ...(statistics.forecast === undefined ? {} : { forecast: forecastIn(statistics.forecast) }),
  };
};
