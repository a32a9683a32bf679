import type { Policy } from '../policy/policy.ts';
import { type Rules, rulesOf } from '../policy/rules.ts';
import type { AlarmOutput } from './output.ts';
import { copyWindow, emptyWindow, type MutableWindow } from './slot-window.ts';
import type { CylinderState, Incident, Slot, UnjudgedCounts } from './state.ts';

type Writable = { -readonly [K in keyof CylinderState]: CylinderState[K] };

/** A copy of a cylinder's state that one fold writes on; `pending` are the slots that wait, as `slot × 8 + flags`. */
export type Draft = Omit<Writable, 'pendingSteps'> & { pending: number[]; window: MutableWindow };

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
  /** The received slots that were evaluated, in order. */
  evaluated: Slot[];
}>;

export const NOTHING_UNJUDGED: UnjudgedCounts = { ahead: 0, late: 0, coverage: 0, 'warm-up': 0 };

const freshState = (policy: Policy): Draft => ({
  samplePeriodMs: policy.samplePeriodMs,
  pending: [],
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

const fromSteps = (steps: readonly number[]): number[] => {
  let entry = 0;
  return steps.map((step) => {
    entry += step;
    return entry;
  });
};

const draftOf = ({ pendingSteps, ...state }: CylinderState): Draft => ({
  ...state,
  pending: fromSteps(pendingSteps),
  window: copyWindow(state.window),
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

/** The state that a fold leaves. */
export const closeContext = ({ state: { pending, ...state } }: FoldContext): CylinderState => ({
  ...state,
  pendingSteps: pending.map((entry, index) => entry - (pending[index - 1] ?? 0)),
});

/** The start of a slot, ms. */
export const startOf = (context: FoldContext, slot: number): number => slot * context.state.samplePeriodMs;

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
