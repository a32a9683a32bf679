import { type Policy, type Rules, rulesOf } from '../policy/policy.ts';
import { type AlarmOutput, isOpenCondition } from './output.ts';
import { copyWindow, emptyWindow, type MutableWindow } from './slot-window.ts';
import type { CylinderState, Incident, Slot, UnjudgedCounts } from './state.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** An incident that this fold copied or began. */
export type DraftIncident = Writable<Incident>;

/** A copy of a cylinder's state that one fold writes on; its incident is written on only while it is open. */
export type Draft = Writable<CylinderState> & {
  pendingSteps: number[];
  window: MutableWindow;
  incident: DraftIncident | null;
};

/** One input of one cylinder being folded: the rules read and write this and nothing else. */
export type FoldContext = Readonly<{
  cylinder: string;
  /** `receivedAt` of the input, ms. */
  now: number;
  rules: Rules;
  state: Draft;
  outputs: AlarmOutput[];
  /** Incidents that another one took the place of. */
  replaced: Incident[];
}> & {
  /** The received slots that were evaluated, in order. */
  evaluated: Slot[];
};

export const NOTHING_UNJUDGED: UnjudgedCounts = { ahead: 0, late: 0, coverage: 0, 'warm-up': 0 };

const freshState = (policy: Policy): Draft => ({
  samplePeriodMs: policy.samplePeriodMs,
  pendingSteps: [],
  highestSlot: null,
  isHighestRunning: false,
  evaluatedAt: null,
  receivedSlot: null,
  evaluatedMsSinceTick: 0,
  runningSlots: 0,
  window: emptyWindow(rulesOf(policy).windowSlots),
  condition: 'NORMAL',
  hold: 0,
  incident: null,
  superseded: null,
  notified: null,
  unnotified: null,
  shelf: null,
  maintenance: null,
  commandAt: {},
  gateway: null,
  lastSeenAt: null,
  liveness: null,
  offlineGateway: null,
  judging: { judgedAt: null, heardAnewAt: null, unjudged: NOTHING_UNJUDGED, unwatched: null },
  lateSamples: 0,
});

const draftOf = (state: CylinderState): Draft => ({
  ...state,
  pendingSteps: state.pendingSteps.slice(),
  window: copyWindow(state.window),
  incident:
    state.incident !== null && isOpenCondition(state.condition) ? { ...state.incident } : state.incident,
});

/** Opens the fold of one input; a cylinder without a state starts afresh. */
export const openContext = (
  cylinder: string,
  state: CylinderState | null,
  now: number,
  policy: Policy,
): FoldContext => ({
  cylinder,
  now,
  rules: rulesOf(policy),
  state: state === null ? freshState(policy) : draftOf(state),
  outputs: [],
  replaced: [],
  evaluated: [],
});

/** The start of a slot, ms. */
export const startOf = (context: FoldContext, slot: number): number => slot * context.state.samplePeriodMs;

/** Whether a slot starts no later than the last one evaluated. */
export const isEvaluated = ({ state }: FoldContext, slot: number): boolean =>
  state.evaluatedAt !== null && slot * state.samplePeriodMs <= state.evaluatedAt;

/** The last slot, of those there are now, that starts no later than the last one evaluated; null where none was. */
export const evaluatedSlot = ({ state }: FoldContext): number | null =>
  state.evaluatedAt === null ? null : Math.floor(state.evaluatedAt / state.samplePeriodMs);

/** The length of so many slots, ms. */
export const lengthOf = (context: FoldContext, slots: number): number => slots * context.state.samplePeriodMs;

/** Whether a slot that starts then, ms, is recent enough for people to be told at once of what it changed. */
export const isRecent = ({ now, rules }: FoldContext, start: number): boolean =>
  now - start <= rules.policy.historicalAfterMs;

/** Whether maintenance is in force, by the receiver's clock. */
export const isInMaintenance = ({ maintenance }: Pick<CylinderState, 'maintenance'>, now: number): boolean =>
  maintenance !== null && now < maintenance.until;

/** Whether the latest incident is open. */
export const isOpen = ({ state }: FoldContext): boolean => isOpenCondition(state.condition);

/** Whether another raise at `slot` would be the same trouble come back. */
export const canReopen = (context: FoldContext, incident: Incident, slot: number): boolean =>
  !incident.final &&
  incident.clearedAt !== null &&
  startOf(context, slot) - incident.clearedAt < context.rules.policy.reopenWithinMs;
