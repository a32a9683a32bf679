import type { Sensor } from '../../message/sample.ts';

/** One step of severity: reached after `afterMs` spent active, and left only after `clearHoldMs` of quiet. */
export type Level = Readonly<{ severity: string; afterMs: number; clearHoldMs: number }>;

/** When people are disturbed. Every time is in ms; every ratio is 0…1. */
export type Policy = Readonly<{
  /** The length of one slot. */
  samplePeriodMs: number;
  /** How long a slot waits for stragglers: by default more than two messages of ten samples may change places. */
  latenessMs: number;
  /** What the ratio looks back over. */
  windowMs: number;
  /** A sample at or above this probability is abnormal. */
  threshold: number;
  raiseRatio: number;
  clearRatio: number;
  /** The share of the window that must have counted before anything changes. */
  minCoverage: number;
  /** Ascending in `afterMs`, the first after 0. */
  levels: readonly Level[];
  /** The lowest severity that people are told of. */
  notifyFrom: string;
  /** Raised again sooner than this, it is the same incident. */
  reopenWithinMs: number;
  flapping: Readonly<{ reopenings: number; withinMs: number }>;
  /** The interval of reminders by severity. */
  remind: Readonly<Record<string, number>>;
  maxReminders: number;
  /** OfflineCylinder by the receiver's clock: after the first nothing more is waited for, after the second people are told. */
  staleAfterMs: number;
  offlineAfterMs: number;
  /** A sample further ahead of the receiver's clock is quarantined. */
  futureToleranceMs: number;
  /** A slot older than this when it is evaluated comes from a queue that is being emptied. */
  historicalAfterMs: number;
  /** The machine is off while this sensor is below this value. */
  idle: Readonly<{ sensor: Sensor; below: number }> | null;
  /** Not judged for so long after a start. */
  warmUpMs: number;
  maxShelveMs: number;
  maxMaintenanceMs: number;
}>;

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a machine warms up where the policy says when it is idle and nothing else. */
export const WARM_UP_AFTER_IDLE_MS = 300 * SECOND;

export const DEFAULT_POLICY: Policy = {
  samplePeriodMs: SECOND,
  latenessMs: 30 * SECOND,
  windowMs: MINUTE,
  threshold: 0.5,
  raiseRatio: 0.6,
  clearRatio: 0.2,
  minCoverage: 0.5,
  levels: [
    { severity: 'advisory', afterMs: 0, clearHoldMs: MINUTE },
    { severity: 'warning', afterMs: 10 * MINUTE, clearHoldMs: 10 * MINUTE },
    { severity: 'alarm', afterMs: HOUR, clearHoldMs: 10 * MINUTE },
  ],
  notifyFrom: 'warning',
  reopenWithinMs: 30 * MINUTE,
  flapping: { reopenings: 3, withinMs: DAY },
  remind: { warning: DAY, alarm: 4 * HOUR },
  maxReminders: 3,
  staleAfterMs: MINUTE,
  offlineAfterMs: 15 * MINUTE,
  futureToleranceMs: MINUTE,
  historicalAfterMs: 5 * MINUTE,
  idle: null,
  warmUpMs: 0,
  maxShelveMs: DAY,
  maxMaintenanceMs: 30 * DAY,
};
