import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { GatewayRecord } from '../../domain/cylinder/gateway-record.ts';

/** Something that went out with a change of a record, or has yet to: what it is, and how far it got. */
export type OutgoingItem = Readonly<{ what: string; state: string }>;

/** What a ledger holds of one cylinder or gateway. */
export type LedgerEntry = Readonly<{
  /** Which ledger it is, in words. */
  ledger: string;
  name: string;
  version: number;
  outgoing: readonly OutgoingItem[];
}> &
  (
    | Readonly<{ kind: 'cylinder'; record: CylinderRecord }>
    | Readonly<{ kind: 'gateway'; record: GatewayRecord }>
  );
