import { type GatewayState, isSilent, offlineDueAt } from '../alarm/liveness/liveness.ts';
import type { Policy } from '../alarm/policy/policy.ts';
import type { PolicyBook } from '../alarm/policy/policy-book.ts';
import type { CylinderState } from '../alarm/state/state.ts';
import type { CommandVerdict } from './command-verdict.ts';
import type { Statistics } from './statistics.ts';

/** The last thing a person asked for and did not get, in the words that the twin shows. */
export type Refusal = Readonly<{
  type: string;
  why: string;
  words: string;
  /** What the person called the command, if anything. */
  id: string | null;
  at: number;
}>;

/** What the ledger keeps of one cylinder: plain JSON data. */
export type CylinderRecord = Readonly<{
  alarm: CylinderState;
  statistics: Statistics | null;
  /** The commands in force, each as it was asked: the twin reports what is desired of it once it holds. */
  commands: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;
  refused: Refusal | null;
  /** What became of what was asked last, the newest first. */
  lastCommands: readonly CommandVerdict[];
  /** Fields of the policy that hold for this cylinder alone, set in its twin. */
  overrides: Readonly<Record<string, unknown>> | null;
  /** When the twin was last written, ms, and what it said then of all that people act upon. */
  twinAt: number;
  twinKey: string;
  /** When the sweep has to look at it next, if nothing comes in before; null where it need not. */
  dueAt: number | null;
  /** Until when its silence need not be looked at, ms, because its gateway is silent as well; null where it does. */
  restsUntil: number | null;
}>;

/** When the newest sample of all cylinders was taken, ms; null where none has any. */
export const newestSampleMs = (records: Iterable<CylinderRecord>): number | null => {
  let newest: number | null = null;
  for (const { statistics } of records)
    if (statistics !== null && (newest === null || statistics.last.t > newest)) newest = statistics.last.t;
  return newest;
};

/** The policy that holds for a cylinder: its line in the book, with what its twin overrides. */
export const policyFor = (book: PolicyBook, cylinder: string, record: CylinderRecord | null): Policy =>
  record?.overrides == null ? book.of(cylinder) : book.of(cylinder, record.overrides);

/**
 * What the ledger keeps of one gateway; `dueAt` is when a sweep has to look at it, ms: for its silence, for the ONLINE
 * that waits while it comes and goes, or for its return.
 */
export type GatewayRecord = GatewayState & Readonly<{ dueAt: number | null }>;

/** Due before all times: the next sweep looks at it, whenever that is. */
const AT_ONCE = 0;

/** Whether it was silent and is heard again, and no sweep has woken its cylinders since: it is due at once then. */
export const hasReturned = ({ dueAt }: GatewayRecord): boolean => dueAt === AT_ONCE;

/** The record of a gateway that was heard: due when its silence would have to be told, or at once when it is back. */
export const heardRecord = (
  before: GatewayRecord | null,
  state: GatewayState,
  policy: Policy,
): GatewayRecord => {
  const { lastHeardAt } = state;
  const isBack = before !== null && (isSilent(before, lastHeardAt, policy) || hasReturned(before));
  return isBack ? { ...state, dueAt: AT_ONCE } : sweptRecord(state, lastHeardAt, policy);
};

/** The record of a gateway that a sweep has looked at, at `now`. */
export const sweptRecord = (state: GatewayState, now: number, policy: Policy): GatewayRecord => ({
  ...state,
  dueAt:
    state.offline === null ? state.lastHeardAt + policy.offlineAfterMs : offlineDueAt(state, now, policy),
});
