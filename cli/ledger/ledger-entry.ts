import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { GatewayRecord } from '../../domain/cylinder/gateway-record.ts';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';

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

/** Reads the record of a cylinder or gateway into an entry of its ledger; null where there is none of that name. */
export const entryOf = async (
  ledger: Pick<Ledger, 'cylinders' | 'gateways'>,
  { kind, name }: NoticeSubject,
  about: Pick<LedgerEntry, 'ledger' | 'outgoing'>,
): Promise<LedgerEntry | null> => {
  if (kind === 'cylinder') {
    const found = (await ledger.cylinders([name])).get(name);
    return found === undefined ? null : { ...about, name, kind, ...found };
  }
  const found = (await ledger.gateways([name])).get(name);
  return found === undefined ? null : { ...about, name, kind, ...found };
};
