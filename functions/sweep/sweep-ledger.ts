import { tickGateway } from '../../domain/alarm/silence.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import { foldSilence, policyFor, refreshTwin } from '../../domain/cylinder/fold-record.ts';
import type { CylinderChange, GatewayChange, LedgerChange, Versioned } from '../../domain/ports/ledger.ts';
import { changeCylinders, type LedgerPorts } from '../ledger/change-cylinders.ts';
import { noticesIn } from '../ledger/change-gateways.ts';
import { saveUntilSettled } from '../ledger/save-until-settled.ts';

type Records = ReadonlyMap<string, Versioned<CylinderRecord>>;

const sweepGateways = async (
  { ledger, policies }: LedgerPorts,
  names: readonly string[],
  cylinders: Records,
  now: number,
): Promise<readonly LedgerChange[]> => {
  const gateways = await ledger.gateways(names);
  const byGateway = Map.groupBy(cylinders.values(), ({ record }) => record.alarm.gateway);
  return [...gateways].flatMap(([name, { record, version }]): GatewayChange[] => {
    const its = (byGateway.get(name) ?? []).map((cylinder) => cylinder.record.alarm);
    const { state, outputs } = tickGateway(name, record, its, now, policies.default);
    if (state === record) return [];
    return [{ kind: 'gateway', name, expected: version, record: state, notices: noticesIn(outputs) }];
  });
};

const sweepSilence = async (
  { ledger, policies }: LedgerPorts,
  gatewayNames: readonly string[],
  cylinders: Records,
  now: number,
): Promise<readonly LedgerChange[]> => {
  const gateways = await ledger.gateways(gatewayNames);
  return [...cylinders].flatMap(([name, { record, version }]): CylinderChange[] => {
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

/** The sweep of `now`: reminders, expiries and silence of every cylinder, then of every gateway, then silent cylinders. */
export const sweepLedger =
  (ports: LedgerPorts) =>
  async (now: number): Promise<void> => {
    const { ledger } = ports;
    const names = await ledger.names();
    await changeCylinders(ports, names.cylinders, () => [{ kind: 'tick', receivedAt: now }]);
    await saveUntilSettled(ledger, names.gateways, async (left) =>
      sweepGateways(ports, left, await ledger.cylinders(names.cylinders), now),
    );
    await saveUntilSettled(ledger, names.cylinders, async (left) =>
      sweepSilence(ports, names.gateways, await ledger.cylinders(left), now),
    );
  };
