import type { GatewayState } from '../alarm/silence.ts';

/** What the ledger keeps of one gateway. */
export type GatewayRecord = GatewayState;
