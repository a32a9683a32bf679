import type { Condition, Interruption, UnwatchedCause } from './output.ts';
import type { SlotWindow } from './slot-window.ts';

/** What is known of a received slot. */
export type Slot = Readonly<{ slot: number; abnormal: boolean; running: boolean }>;

/** One episode of trouble. Slots are numbered from the epoch in units of `samplePeriodMs`. */
export type Incident = Readonly<{
  /** `<cylinder>@<raisedAt>`. */
  id: string;
  /** Start of the slot that raised it first, ms. */
  raisedAt: number;
  /** Start of the first abnormal slot in the window that raised it, ms. */
  beganAt: number;
  /** The slot that raised it first, then those that reopened it: the newest, for telling whether it flaps. */
  raisedSlots: readonly number[];
  reopenings: number;
  severity: string;
  /** Slots spent active; a level is reached by them. */
  active: number;
  /** Start of its last abnormal slot that counted, ms; null where that was not kept yet. */
  abnormalAt: number | null;
  /** Start of the slot that cleared it last, ms; null while it is open. */
  clearedAt: number | null;
  /** Closed, or there was maintenance or a new sample period since it was raised: another raise is another incident. */
  final: boolean;
  /** How many notices there have been of it. */
  notices: number;
  acknowledgedBy: string | null;
  /** What was said when it was acknowledged. */
  comment: string | null;
  /** When maintenance or a new sample period ended it, by the receiver's clock, ms, and which of them. */
  endedAt: number | null;
  endedBy: Interruption | null;
  closing: Closing | null;
}>;

/** What an incident turned out to be, by the person who closed it. */
export type Closing = Readonly<{ by: string; outcome: string; mode: string | null; comment: string | null }>;

/** The trouble people know of: they have been told of this incident and not yet of its end. */
export type Notified = Readonly<{
  /** Start of the slot that raised it, ms, which names it. */
  raisedAt: number;
  severity: string;
  /** Slots that the incident had spent active by then: they rank a severity that the policy no longer names. */
  active: number;
  /** Told as flapping: its end is told only when it can no longer come back. */
  flapping: boolean;
  /** When the reminders' clock last started, by the receiver's clock, ms. */
  remindedAt: number;
  reminders: number;
}>;

/** An incident that is over: the start of the slot that raised it, ms, and how many notices there were of it. */
export type PastIncident = Readonly<{ raisedAt: number; severity: string; notices: number }>;

/** What came and went untold: the newest incidents, oldest first, in few characters, and how many there were in all. */
export type Unnotified = Readonly<{
  newest: readonly (readonly [raisedAt: number, severity: string, notices: number])[];
  count: number;
}>;

/** Nothing is told of the incident until then, by the receiver's clock. */
export type Shelf = Readonly<{ until: number; by: string; reason: string }>;

export type Maintenance = Readonly<{ until: number; by: string; reason: string }>;

/** OFFLINE was told and ONLINE not yet. */
export type Offline = Readonly<{
  /** When it was last heard before, ms: OFFLINE and ONLINE are named by it. */
  lastHeardAt: number;
  flapping: boolean;
  /** When it was first heard again, ms. */
  heardAgainAt: number | null;
}>;

/** That a gateway or a cylinder is heard; times are ms by the receiver's clock. */
export type Liveness = Readonly<{
  lastHeardAt: number;
  /** Since when it has been heard without a pause of `staleAfterMs` or more. */
  heardSince: number;
  offline: Offline | null;
  /** When the last two OFFLINE were told. */
  offlineTimes: readonly number[];
}>;

/** How often each cause kept a slot from being judged since one was, outside maintenance. */
export type UnjudgedCounts = Readonly<Record<UnwatchedCause, number>>;

/** Whether a cylinder that is heard is judged too; times are ms by the receiver's clock. */
export type Judging = Readonly<{
  /** The latest input that judged a slot. */
  judgedAt: number | null;
  /** When it was heard first, or anew after `offlineAfterMs` or more. */
  heardAnewAt: number | null;
  unjudged: UnjudgedCounts;
  /** UNWATCHED was told and WATCHED not yet: named after this time, by this gateway. */
  unwatched: Readonly<{ since: number; gateway: string; cause: UnwatchedCause }> | null;
}>;

/** All that the alarm remembers of one cylinder: plain JSON, under 4 KB for a window of 600 slots. */
export type CylinderState = Readonly<{
  samplePeriodMs: number;
  /**
   * Received slots that wait for stragglers, ascending: the first as `slot × 8 + flags`, each further one as the step
   * from the one before, which takes a few characters.
   */
  pendingSteps: readonly number[];
  highestSlot: number | null;
  /** Whether the machine ran in the highest slot. */
  isHighestRunning: boolean;
  /** Start of the last slot that was evaluated, ms, whatever its length was. */
  evaluatedAt: number | null;
  /** The last received slot that was evaluated. */
  receivedSlot: number | null;
  /** The length of all slots, received or not, that were evaluated since the last tick, ms. */
  evaluatedMsSinceTick: number;
  /** Running slots since the last start, for the warm-up. */
  runningSlots: number;
  window: SlotWindow;
  condition: Condition;
  /** Slots of quiet so far, in CLEARING. */
  hold: number;
  /** The latest incident, open or over. */
  incident: Incident | null;
  /** The incident people were told of, where it is no longer the latest. */
  superseded: PastIncident | null;
  notified: Notified | null;
  unnotified: Unnotified | null;
  shelf: Shelf | null;
  maintenance: Maintenance | null;
  /** The newest command of each kind, by its `at`, ms. */
  commandAt: Readonly<Record<string, number>>;
  /** The gateway that it was last heard through. */
  gateway: string | null;
  /** The latest time at which a sample was taken or late. */
  lastSeenAt: number | null;
  /** Samples of any kind, quarantined ones included; null where none was ever received. */
  liveness: Liveness | null;
  /** The gateway that its OFFLINE named, until ONLINE is told. */
  offlineGateway: string | null;
  judging: Judging;
  lateSamples: number;
}>;
