import type { GatewayState } from '../alarm/liveness/liveness.ts';
import type { Policy } from '../alarm/policy/policy.ts';

/** What the ledger keeps of one gateway; `dueAt` is when its silence would have to be told, ms. */
export type GatewayRecord = GatewayState & Readonly<{ dueAt: number | null }>;

/** The record of a gateway's state. */
export const gatewayRecordOf = (state: GatewayState, policy: Policy): GatewayRecord => ({
  ...state,
  dueAt: state.offlineSince === null ? state.lastHeardAt + policy.offlineAfterMs : null,
});
