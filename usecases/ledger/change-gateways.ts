import { type GatewayState, recordHeartbeat } from '../../domain/alarm/liveness/liveness.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import { type GatewayRecord, heardRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { GatewayChange, LedgerPorts, Versioned } from '../ports/ledger.ts';
import { saveUntilSettled } from './save-until-settled.ts';

/** The notices among what a gateway's fold says. */
export const noticesIn = (outputs: readonly AlarmOutput[]): readonly Notice[] =>
  outputs.flatMap((output) => (output.kind === 'notice' ? [{ output, facts: null }] : []));

/**
 * `heardEveryMs`: a gateway heard again sooner than this is not saved anew, where saves cost (default 0): the records
 * of its cylinders know it, and a sweep asks them before it tells silence.
 */
export type HeardPorts = LedgerPorts & Readonly<{ heardEveryMs?: number }>;

/** When a gateway was heard, ms, and whether it was by nothing that is noted of a cylinder too. */
export type Heartbeat = Readonly<{ receivedAt: number; isAlone: boolean }>;

/**
 * Whether a gateway is known otherwise now, or was heard long enough after it was saved. What is offline or flaps is
 * followed closely: since when it is heard without a pause says nothing before.
 */
const isWorthSaving = (before: GatewayState | null, after: GatewayState, heardEveryMs: number): boolean =>
  before === null ||
  after.offline !== null ||
  before.offline !== null ||
  after.lastHeardAt - before.lastHeardAt >= heardEveryMs;

const heardChange = (
  name: string,
  before: Versioned<GatewayRecord> | undefined,
  heartbeats: readonly Heartbeat[],
  { policies, heardEveryMs = 0 }: HeardPorts,
): GatewayChange | null => {
  const known: GatewayState | null = before?.record ?? null;
  let state = known;
  const notices: Notice[] = [];
  for (const { receivedAt } of heartbeats) {
    const fold = recordHeartbeat(name, state, receivedAt, policies.default);
    state = fold.state;
    notices.push(...noticesIn(fold.outputs));
  }
  if (state === null || state === known) return null;
  const isAlone = heartbeats.some((heartbeat) => heartbeat.isAlone);
  if (!isWorthSaving(known, state, isAlone ? 0 : heardEveryMs)) return null;
  const record = heardRecord(before?.record ?? null, state, policies.default);
  return { kind: 'gateway', name, expected: before?.version ?? 0, record, notices };
};

/** Notes when each gateway was heard, in the order in which its messages came. */
export const changeGateways = (
  ports: HeardPorts,
  heard: ReadonlyMap<string, readonly Heartbeat[]>,
): Promise<void> =>
  saveUntilSettled(ports.ledger, [...heard.keys()], async (left, freshness) => {
    const records = await ports.ledger.gateways(left, freshness);
    return left.flatMap((name) => heardChange(name, records.get(name), heard.get(name) ?? [], ports) ?? []);
  });
