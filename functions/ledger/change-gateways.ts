import type { AlarmOutput } from '../../domain/alarm/output.ts';
import { hearGateway } from '../../domain/alarm/silence.ts';
import type { GatewayRecord } from '../../domain/cylinder/gateway-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { GatewayChange, Versioned } from '../../domain/ports/ledger.ts';
import type { LedgerPorts } from './change-cylinders.ts';
import { saveUntilSettled } from './save-until-settled.ts';

/** The notices among what a gateway's fold says. */
export const noticesIn = (outputs: readonly AlarmOutput[]): readonly Notice[] =>
  outputs.flatMap((output) => (output.kind === 'notice' ? [{ output, facts: null }] : []));

const heardChange = (
  name: string,
  before: Versioned<GatewayRecord> | undefined,
  times: readonly number[],
  { policies }: LedgerPorts,
): GatewayChange | null => {
  let record = before?.record ?? null;
  const notices: Notice[] = [];
  for (const receivedAt of times) {
    const fold = hearGateway(name, record, receivedAt, policies.default);
    record = fold.state;
    notices.push(...noticesIn(fold.outputs));
  }
  if (record === null || record === before?.record) return null;
  return { kind: 'gateway', name, expected: before?.version ?? 0, record, notices };
};

/** Notes when each gateway was heard: the times of its messages, ms, in the order in which they came. */
export const changeGateways = (
  ports: LedgerPorts,
  heard: ReadonlyMap<string, readonly number[]>,
): Promise<void> =>
  saveUntilSettled(ports.ledger, [...heard.keys()], async (left) => {
    const records = await ports.ledger.gateways(left);
    return left.flatMap((name) => heardChange(name, records.get(name), heard.get(name) ?? [], ports) ?? []);
  });
