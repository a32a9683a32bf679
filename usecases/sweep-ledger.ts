import { isSilent, recordHeartbeat, tickGateway } from '../domain/alarm/liveness/gateway-liveness.ts';
import { isAheadOf } from '../domain/alarm/liveness/liveness.ts';
import type { Policy } from '../domain/alarm/policy/policy.ts';
import type { CylinderRecord } from '../domain/cylinder/cylinder-record.ts';
import { type GatewayRecord, hasReturned, sweptRecord } from '../domain/cylinder/gateway-record.ts';
import { isAlarmAhead } from '../domain/fold/due-at.ts';
import { changeCylinders } from './ledger/change-cylinders.ts';
import { noticesIn } from './ledger/change-gateways.ts';
import { saveUntilSettled } from './ledger/save-until-settled.ts';
import type { GatewayChange, LedgerChange, LedgerPorts, Versioned } from './ports/ledger.ts';

/**
 * `tickAll`: every record that the ledger names gets its tick, due or not, as a recording's replay gives them; where
 * saves cost, only those get one that it can change.
 */
export type SweepPorts = LedgerPorts & Readonly<{ tickAll?: boolean }>;

const isDue = ({ record }: Versioned<CylinderRecord | GatewayRecord>, now: number): boolean =>
  record.dueAt !== null && record.dueAt <= now;

/** Whether a clock that was wrong told a time of it, which a tick sets right: it is due then, whatever it says of that. */
const isGatewayAhead = ({ record }: Versioned<GatewayRecord>, now: number, policy: Policy): boolean =>
  isAheadOf(now, [record.lastHeardAt, record.heardSince], policy);

const sweepGateway = async (
  { ledger, policies }: LedgerPorts,
  name: string,
  { record, version }: Versioned<GatewayRecord>,
  now: number,
): Promise<readonly GatewayChange[]> => {
  const cylinders = await ledger.cylinders(await ledger.cylindersOf(name));
  const alarms = [...cylinders.values()].map((cylinder) => cylinder.record.alarm);
  // Where saves cost, a gateway's record is older than those of the cylinders that were heard through it.
  const heardAt = alarms.map(({ gateway, liveness }) =>
    gateway === name ? (liveness?.lastHeardAt ?? 0) : 0,
  );
  const heard = recordHeartbeat(name, record, Math.max(0, ...heardAt), policies.default);
  const ticked = tickGateway(name, heard.state, alarms, now, policies.default);
  const changed = sweptRecord(ticked.state, now, policies.default);
  if (ticked.state === record && changed.dueAt === record.dueAt) return [];
  const notices = noticesIn([...heard.outputs, ...ticked.outputs]);
  return [{ kind: 'gateway', name, expected: version, record: changed, notices }];
};

const dueGateways = async (
  { ledger, policies }: LedgerPorts,
  names: readonly string[],
  now: number,
): Promise<readonly (readonly [string, Versioned<GatewayRecord>])[]> =>
  [...(await ledger.gateways(names))].filter(
    ([, gateway]) => isDue(gateway, now) || isGatewayAhead(gateway, now, policies.default),
  );

const sweepGateways = async (
  ports: LedgerPorts,
  names: readonly string[],
  now: number,
): Promise<readonly LedgerChange[]> => {
  const due = await dueGateways(ports, names, now);
  return (await Promise.all(due.map(([name, gateway]) => sweepGateway(ports, name, gateway, now)))).flat();
};

/** Looks whether the cylinders that are due, and all whose gateway is back, are heard and judged. */
const sweepLiveness = async (ports: LedgerPorts, names: readonly string[], now: number): Promise<void> => {
  const { ledger, policies } = ports;
  const records = await ledger.cylinders(names);
  const gateways = await ledger.gateways([
    ...new Set([...records.values()].flatMap(({ record }) => record.alarm.gateway ?? [])),
  ]);
  await changeCylinders(ports, names, (_, cylinder) => {
    if (cylinder === undefined) return [];
    const gateway = gateways.get(cylinder.record.alarm.gateway ?? '')?.record ?? null;
    const isGatewaySilent = gateway !== null && isSilent(gateway, now, policies.default);
    const isAwake = isDue(cylinder, now) || (cylinder.record.restsUntil !== null && !isGatewaySilent);
    return isAwake ? [{ kind: 'liveness', receivedAt: now, gateway, isGatewaySilent }] : [];
  });
};

const cylindersOfReturned = async (
  ports: LedgerPorts,
  names: readonly string[],
  now: number,
): Promise<readonly string[]> => {
  const returned = (await dueGateways(ports, names, now)).filter(([, { record }]) => hasReturned(record));
  return (await Promise.all(returned.map(([name]) => ports.ledger.cylindersOf(name)))).flat();
};

/**
 * The sweep of `now`: reminders, expiries and what silence leaves of every cylinder that is due, then the silence of
 * gateways, then whether single cylinders are heard and judged. While a gateway is silent that of its cylinders is not
 * looked at; when it is back they are woken before that is noted, so that a sweep that fails in between wakes them again.
 */
export const sweepLedger =
  (ports: SweepPorts) =>
  async (now: number): Promise<void> => {
    const { ledger, policies } = ports;
    // What was seen or heard by now is due no later than this, whatever clock is right.
    const beyond = now + policies.default.offlineAfterMs + policies.default.futureToleranceMs;
    const names = await ledger.due(now, beyond);
    await changeCylinders(ports, names.cylinders, (_, cylinder) =>
      cylinder !== undefined &&
      (ports.tickAll === true ||
        isDue(cylinder, now) ||
        isAlarmAhead(cylinder.record.alarm, now, policies.default))
        ? [{ kind: 'tick', receivedAt: now }]
        : [],
    );
    const woken = await cylindersOfReturned(ports, names.gateways, now);
    if (woken.length > 0) await sweepLiveness(ports, woken, now);
    await saveUntilSettled(ledger, names.gateways, (left) => sweepGateways(ports, left, now));
    await sweepLiveness(ports, names.cylinders, now);
  };
