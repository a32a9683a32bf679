import type { Condition } from './output.ts';
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
  clearedSlot: number | null;
  /** Closed, or maintenance was done since it was raised: another raise is another incident. */
  final: boolean;
  /** How many notices there have been of it. */
  notices: number;
  acknowledgedBy: string | null;
  /** What was said when it was acknowledged. */
  comment: string | null;
  /** When maintenance ended it, by the receiver's clock, ms. */
  endedAt: number | null;
  closing: Closing | null;
}>;

/** What an incident turned out to be, by the person who closed it. */
export type Closing = Readonly<{ by: string; outcome: string; mode: string | null; comment: string | null }>;

/** The trouble people know of: they have been told of this incident and not yet of its end. */
export type Notified = Readonly<{
  incident: string;
  severity: string;
  /** Notified as flapping: its end is told only when it can no longer come back. */
  flapping: boolean;
  /** When the reminders' clock last started, by the receiver's clock, ms. */
  remindedAt: number;
  reminders: number;
}>;

/** An incident that is over: the start of the slot that raised it, ms, and how many notices there were of it. */
export type PastIncident = Readonly<{ raisedAt: number; severity: string; notices: number }>;

/** What came and went untold: the newest incidents, oldest first, and how many there were in all. */
export type Unnotified = Readonly<{ newest: readonly PastIncident[]; count: number }>;

/** Nothing is told of the open incident until then, by the receiver's clock. */
export type Shelf = Readonly<{ until: number; by: string; reason: string }>;

export type Maintenance = Readonly<{ until: number; by: string; reason: string }>;

/** OFFLINE was told of a cylinder whose last sample was at `lastSeenAt`, with its gateway speaking on. */
export type OfflineCylinder = Readonly<{ lastSeenAt: number; gateway: string }>;

/** All that the alarm remembers of one cylinder: plain JSON, under 4 KB for a window of 600 slots. */
export type CylinderState = Readonly<{
  samplePeriodMs: number;
  /** Received slots that wait for stragglers, ascending, as `slot × 8 + flags`. */
  pending: readonly number[];
  highestSlot: number | null;
  evaluatedSlot: number | null;
  /** The last received slot that was evaluated. */
  receivedSlot: number | null;
  /** How many slots, received or not, were evaluated since the last tick. */
  evaluatedSinceTick: number;
  /** Running slots since the last start, for the warm-up. */
  runningSlots: number;
  window: SlotWindow;
  condition: Condition;
  /** Slots of quiet so far, in CLEARING. */
  hold: number;
  /** The latest incident, open or over. */
  incident: Incident | null;
  /** The incident people were told of, where it is no longer the latest. */
  former: PastIncident | null;
  told: Notified | null;
  missed: Unnotified | null;
  shelf: Shelf | null;
  maintenance: Maintenance | null;
  /** The newest command of each kind, by its `at`, ms. */
  commandAt: Readonly<Record<string, number>>;
  gateway: string | null;
  /** The latest time at which a sample was received. */
  lastSeenAt: number | null;
  silence: OfflineCylinder | null;
  lateSamples: number;
}>;
