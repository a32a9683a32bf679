import { checkGateway } from '../domain/alarm/liveness/liveness.ts';
import type { CylinderRecord } from '../domain/cylinder/cylinder-record.ts';
import { type GatewayRecord, gatewayRecordOf } from '../domain/cylinder/gateway-record.ts';
import { foldSilence, policyFor, refreshTwin } from '../domain/fold/fold-record.ts';
import { changeCylinders, type LedgerPorts } from './ledger/change-cylinders.ts';
import { noticesIn } from './ledger/change-gateways.ts';
import { saveUntilSettled } from './ledger/save-until-settled.ts';
import type { CylinderChange, GatewayChange, LedgerChange, Versioned } from './ports/ledger.ts';

/**
 * `tickAll`: every record that the ledger names gets its tick, due or not, as a recording's replay gives them; where
 * saves cost, only those get one that it can change.
 */
export type SweepPorts = LedgerPorts & Readonly<{ tickAll?: boolean }>;

const isDue = ({ record }: Versioned<CylinderRecord | GatewayRecord>, now: number): boolean =>
  record.dueAt !== null && record.dueAt <= now;

const sweepGateway = async (
  { ledger, policies }: LedgerPorts,
  name: string,
  { record, version }: Versioned<GatewayRecord>,
  now: number,
): Promise<readonly GatewayChange[]> => {
  const cylinders = await ledger.cylinders(await ledger.cylindersOf(name));
  const alarms = [...cylinders.values()].map((cylinder) => cylinder.record.alarm);
  const { state, outputs } = checkGateway(name, record, alarms, now, policies.default);
  if (state === record) return [];
  const changed = gatewayRecordOf(state, policies.default);
  return [{ kind: 'gateway', name, expected: version, record: changed, notices: noticesIn(outputs) }];
};

const sweepGateways = async (
  ports: LedgerPorts,
  names: readonly string[],
  now: number,
): Promise<readonly LedgerChange[]> => {
  const due = [...(await ports.ledger.gateways(names))].filter(([, gateway]) => isDue(gateway, now));
  return (await Promise.all(due.map(([name, gateway]) => sweepGateway(ports, name, gateway, now)))).flat();
};

const sweepSilence = async (
  { ledger, policies }: LedgerPorts,
  names: readonly string[],
  now: number,
): Promise<readonly LedgerChange[]> => {
  const cylinders = [...(await ledger.cylinders(names))].filter(([, cylinder]) => isDue(cylinder, now));
  const spoken = new Set(cylinders.flatMap(([, { record }]) => record.alarm.gateway ?? []));
  const gateways = await ledger.gateways([...spoken]);
  return cylinders.flatMap(([name, { record, version }]): CylinderChange[] => {
    const gateway = gateways.get(record.alarm.gateway ?? '');
    if (gateway === undefined) return [];
    const policy = policyFor(policies, name, record);
    const fold = foldSilence(name, record, gateway.record, now, policy);
    if (fold.record === record) return [];
    const { record: refreshed, twin } = refreshTwin(fold.record, now, policy);
    const { notices, transitions } = fold;
    return [
      {
        kind: 'cylinder',
        name,
        expected: version,
        record: refreshed,
        notices,
        transitions,
        incidents: [],
        twin,
      },
    ];
  });
};

/**
 * The sweep of `now`: reminders, expiries and what silence leaves of every cylinder that is due, then the silence of
 * gateways, then of single cylinders.
 */
export const sweepLedger =
  (ports: SweepPorts) =>
  async (now: number): Promise<void> => {
    const { ledger } = ports;
    const names = await ledger.due(now);
    await changeCylinders(ports, names.cylinders, (_, cylinder) =>
      cylinder !== undefined && (ports.tickAll === true || isDue(cylinder, now))
        ? [{ kind: 'tick', receivedAt: now }]
        : [],
    );
    await saveUntilSettled(ledger, names.gateways, (left) => sweepGateways(ports, left, now));
    await saveUntilSettled(ledger, names.cylinders, (left) => sweepSilence(ports, left, now));
  };
