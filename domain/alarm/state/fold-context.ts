import type { Policy } from '../policy/policy.ts';
import { type Rules, rulesOf } from '../policy/rules.ts';
import type { AlarmOutput } from './output.ts';
import { copyWindow, emptyWindow, type MutableWindow } from './slot-window.ts';
import type { CylinderState, Incident, Slot } from './state.ts';

/** A copy of a cylinder's state that one fold writes on. */
export type Draft = { -readonly [K in keyof CylinderState]: CylinderState[K] } & {
  pending: number[];
  window: MutableWindow;
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
  /** The received slots that were evaluated, in order. */
  evaluated: Slot[];
}>;

const freshState = (policy: Policy): Draft => ({
  samplePeriodMs: policy.samplePeriodMs,
  pending: [],
  highestSlot: null,
  evaluatedSlot: null,
  receivedSlot: null,
  evaluatedSinceTick: 0,
  runningSlots: 0,
  window: emptyWindow(rulesOf(policy).windowSlots),
  condition: 'NORMAL',
  hold: 0,
  incident: null,
  former: null,
  told: null,
  missed: null,
  shelf: null,
  maintenance: null,
  commandAt: {},
  gateway: null,
  lastSeenAt: null,
  silence: null,
  lateSamples: 0,
});

const draftOf = (state: CylinderState): Draft => ({
  ...state,
  pending: state.pending.slice(),
  window: copyWindow(state.window),
});

/** Opens a context; a cylinder without a state, or one under another sample period, starts afresh. */
export const openContext = (
  cylinder: string,
  state: CylinderState | null,
  now: number,
  policy: Policy,
): FoldContext => {
  const rules = rulesOf(policy);
  const isFresh = state === null || state.samplePeriodMs !== policy.samplePeriodMs;
  return {
    cylinder,
    now,
    rules,
    state: isFresh ? freshState(policy) : draftOf(state),
    outputs: [],
    replaced: [],
    evaluated: [],
  };
};

/** The start of a slot, ms. */
export const startOf = (context: FoldContext, slot: number): number => slot * context.state.samplePeriodMs;

/** The length of so many slots, ms. */
export const lengthOf = (context: FoldContext, slots: number): number => slots * context.state.samplePeriodMs;

/** Whether a slot is recent enough for people to be told at once of what it changed. */
export const isRecent = (context: FoldContext, slot: number): boolean =>
  context.now - startOf(context, slot) <= context.rules.policy.historicalAfterMs;
