import { checkGateway } from '../domain/alarm/liveness/liveness.ts';
import type { CylinderRecord } from '../domain/cylinder/cylinder-record.ts';
import { type GatewayRecord, hasReturned, sweptRecord } from '../domain/cylinder/gateway-record.ts';
import { changeCylinders, type LedgerPorts } from './ledger/change-cylinders.ts';
import { noticesIn } from './ledger/change-gateways.ts';
import { saveUntilSettled } from './ledger/save-until-settled.ts';
import type { GatewayChange, Ledger, LedgerChange, Versioned } from './ports/ledger.ts';

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
  if (state === record && !hasReturned(record)) return [];
  const changed = sweptRecord(state, policies.default);
  return [{ kind: 'gateway', name, expected: version, record: changed, notices: noticesIn(outputs) }];
};

const dueGateways = async (
  ledger: Ledger,
  names: readonly string[],
  now: number,
): Promise<readonly (readonly [string, Versioned<GatewayRecord>])[]> =>
  [...(await ledger.gateways(names))].filter(([, gateway]) => isDue(gateway, now));

const sweepGateways = async (
  ports: LedgerPorts,
  names: readonly string[],
  now: number,
): Promise<readonly LedgerChange[]> => {
  const due = await dueGateways(ports.ledger, names, now);
  return (await Promise.all(due.map(([name, gateway]) => sweepGateway(ports, name, gateway, now)))).flat();
};

/** Looks at the silence of the cylinders that are due, and of all whose gateway is back. */
const sweepSilence = async (ports: LedgerPorts, names: readonly string[], now: number): Promise<void> => {
  const { ledger } = ports;
  const records = await ledger.cylinders(names);
  const gateways = await ledger.gateways([
    ...new Set([...records.values()].flatMap(({ record }) => record.alarm.gateway ?? [])),
  ]);
  await changeCylinders(ports, names, (_, cylinder) => {
    const gateway = gateways.get(cylinder?.record.alarm.gateway ?? '');
    if (cylinder === undefined || gateway === undefined) return [];
    const { restsUntil } = cylinder.record;
    const isAwake = isDue(cylinder, now) || (restsUntil !== null && gateway.record.offlineSince === null);
    return isAwake ? [{ kind: 'liveness', receivedAt: now, gateway: gateway.record }] : [];
  });
};

const cylindersOfReturned = async (
  ledger: Ledger,
  names: readonly string[],
  now: number,
): Promise<readonly string[]> => {
  const returned = (await dueGateways(ledger, names, now)).filter(([, { record }]) => hasReturned(record));
  return (await Promise.all(returned.map(([name]) => ledger.cylindersOf(name)))).flat();
};

/**
 * The sweep of `now`: reminders, expiries and what silence leaves of every cylinder that is due, then the silence of
 * gateways, then of single cylinders. While a gateway is offline the silence of its cylinders is not looked at; when it
 * is back they are woken before that is noted, so that a sweep that fails in between wakes them again.
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
    const woken = await cylindersOfReturned(ledger, names.gateways, now);
    if (woken.length > 0) await sweepSilence(ports, woken, now);
    await saveUntilSettled(ledger, names.gateways, (left) => sweepGateways(ports, left, now));
    await sweepSilence(ports, names.cylinders, now);
  };
