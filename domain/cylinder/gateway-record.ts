import { type GatewayState, isSilent } from '../alarm/liveness/gateway-liveness.ts';
import { offlineDueAt } from '../alarm/liveness/liveness.ts';
import type { Policy } from '../alarm/policy/policy.ts';

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
