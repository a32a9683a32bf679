import type { CylinderState, Incident } from '../alarm/state/state.ts';
import { deviationOf, rangeOf } from '../cylinder/baseline.ts';
import type { Statistics } from '../cylinder/statistics.ts';
import { endOfIncident } from '../incident/incident-record.ts';
import { SENSORS, type Sensor } from '../message/sample.ts';
import { adviceOn, type Finding, type Shift } from './advice.ts';
import type { Deviation, NoticeFacts } from './notice.ts';

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
  };
};
