import type { GatewayState } from '../alarm/liveness/liveness.ts';
import type { Policy } from '../alarm/policy/policy.ts';

/** What the ledger keeps of one gateway; `dueAt` is when the sweep has to look at it, ms: for its silence, or its return. */
export type GatewayRecord = GatewayState & Readonly<{ dueAt: number | null }>;

/** Due before all times: the next sweep looks at it, whenever that is. */
const AT_ONCE = 0;

/** Whether it was offline and is heard again, and no sweep has woken its cylinders since: it is due at once then. */
export const hasReturned = ({ offlineSince, dueAt }: GatewayRecord): boolean =>
  offlineSince === null && dueAt === AT_ONCE;

/** The record of a gateway that was heard: due when its silence would have to be told, or at once when it is back. */
export const heardRecord = (
  before: GatewayRecord | null,
  state: GatewayState,
  policy: Policy,
): GatewayRecord => {
  const isBack = before !== null && (before.offlineSince !== null || hasReturned(before));
  return isBack ? { ...state, dueAt: AT_ONCE } : sweptRecord(state, policy);
};

/** The record of a gateway that a sweep has looked at. */
export const sweptRecord = (state: GatewayState, policy: Policy): GatewayRecord => ({
  ...state,
  dueAt: state.offlineSince === null ? state.lastHeardAt + policy.offlineAfterMs : null,
});
