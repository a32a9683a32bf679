import { isAheadOf, isSilent, recordHeartbeat, tickGateway } from '../domain/alarm/liveness/liveness.ts';
import type { Policy } from '../domain/alarm/policy/policy.ts';
import {
  type CylinderRecord,
  type GatewayRecord,
  hasReturned,
  policyFor,
  sweptRecord,
} from '../domain/cylinder/cylinder-record.ts';
import { isAlarmAhead } from '../domain/fold/due-at.ts';
import { isQuietAt, quietlyTicked } from '../domain/fold/fold-record.ts';
import { changeCylinders, namesIn, noticesIn, saveUntilSettled } from './ledger/change-records.ts';
import type { CylinderChange, GatewayChange, LedgerPorts, Versioned } from './ports/ledger.ts';

/**
 * `tickAll`: every record that the ledger names gets its tick, due or not, as a recording's replay gives them; where
 * saves cost, only those get one that it can change.
 */
export type SweepPorts = LedgerPorts & Readonly<{ tickAll?: boolean }>;

const isDue = ({ record }: Versioned<CylinderRecord | GatewayRecord>, now: number): boolean =>
  record.dueAt !== null && record.dueAt <= now;

/**
 * Whether a sweep has to look at a gateway. Where a clock that was wrong told a time of it, which a tick sets right, it is
 * due whatever it says of that.
 */
const isGatewaySwept = (gateway: Versioned<GatewayRecord>, now: number, policy: Policy): boolean =>
  isDue(gateway, now) || isAheadOf(now, [gateway.record.lastHeardAt, gateway.record.heardSince], policy);

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

/**
 * Those of the names that their records, as they were a moment ago, leave to a sweep: what was saved meanwhile the next
 * one finds. All of them where not all could be read, which is for the change to say.
 */
const leftToSweep = async <T>(
  names: readonly string[],
  reading: Promise<ReadonlyMap<string, Versioned<T>>>,
  isLeft: (record: Versioned<T>, name: string) => boolean,
): Promise<readonly string[]> => {
  const records = await reading.catch((error: unknown) => {
    if (namesIn(error).size > 0) return null;
    throw error;
  });
  if (records === null) return names;
  return names.filter((name) => {
    const record = records.get(name);
    return record !== undefined && isLeft(record, name);
  });
};

const sweepGateways = (
  ports: LedgerPorts,
  names: readonly string[],
  woken: ReadonlySet<string>,
  now: number,
) =>
  saveUntilSettled(ports.ledger, names, async (left) => {
    const records = await ports.ledger.gateways(left);
    // One that came back since its cylinders were woken is left to the next sweep, which wakes them.
    const due = [...records].filter(
      ([name, gateway]) =>
        isGatewaySwept(gateway, now, ports.policies.default) &&
        (!hasReturned(gateway.record) || woken.has(name)),
    );
    return (await Promise.all(due.map(([name, gateway]) => sweepGateway(ports, name, gateway, now)))).flat();
  });

const tickedQuietly = (
  name: string,
  cylinder: Versioned<CylinderRecord> | undefined,
): readonly CylinderChange[] => {
  if (cylinder === undefined) return [];
  const record = quietlyTicked(cylinder.record);
  if (record === cylinder.record) return [];
  const nothing = { notices: [], transitions: [], incidents: [], twin: null };
  return [{ kind: 'cylinder', name, expected: cylinder.version, record, ...nothing, isPassing: true }];
};

/** Looks whether the cylinders that are due, and all whose gateway is back, are heard and judged. */
const sweepLiveness = async (ports: LedgerPorts, names: readonly string[], now: number): Promise<void> => {
  const { ledger, policies } = ports;
  const records = await ledger.cylinders(names);
  const left = [...records].filter(
    ([, cylinder]) => isDue(cylinder, now) || cylinder.record.restsUntil !== null,
  );
  const gateways = await ledger.gateways([
    ...new Set(left.flatMap(([, { record }]) => record.alarm.gateway ?? [])),
  ]);
  const namesLeft = left.map(([name]) => name);
  await changeCylinders(ports, namesLeft, (_, cylinder) => {
    if (cylinder === undefined) return [];
    const gateway = gateways.get(cylinder.record.alarm.gateway ?? '')?.record ?? null;
    const isGatewaySilent = gateway !== null && isSilent(gateway, now, policies.default);
    const isAwake = isDue(cylinder, now) || (cylinder.record.restsUntil !== null && !isGatewaySilent);
    return isAwake ? [{ kind: 'liveness', receivedAt: now, gateway, isGatewaySilent }] : [];
  });
};

/** Wakes the cylinders of the gateways that are back; which those are. */
const wakeCylinders = async (
  ports: LedgerPorts,
  names: readonly string[],
  now: number,
): Promise<ReadonlySet<string>> => {
  const records = await ports.ledger.gateways(names);
  const returned = [...records].flatMap(([name, { record }]) => (hasReturned(record) ? [name] : []));
  const woken = (await Promise.all(returned.map((name) => ports.ledger.cylindersOf(name)))).flat();
  if (woken.length > 0) await sweepLiveness(ports, woken, now);
  return new Set(returned);
};

/**
 * The sweep of `now`: reminders, expiries and what silence leaves of every cylinder that is due, then the silence of
 * gateways, then whether single cylinders are heard and judged. While a gateway is silent that of its cylinders is not
 * looked at; when it is back they are woken before that is noted, so that a sweep that fails in between wakes them again.
 */
export const sweepLedger = (ports: SweepPorts): ((now: number) => Promise<void>) => {
  const { ledger, policies, tickAll = false } = ports;
  // Records of an earlier start may have been folded under another policy.
  let isFirst = true;
  return async (now) => {
    // What was seen or heard by now is due no later than this, whatever clock is right.
    const beyond = now + policies.default.offlineAfterMs + policies.default.futureToleranceMs;
    const names = await ledger.due(now, beyond);
    const quiet: string[] = [];
    const isQuiet = (name: string, { record }: Versioned<CylinderRecord>): boolean =>
      tickAll && !isFirst && isQuietAt(record, now, policyFor(policies, name, record));
    const isTicked = (cylinder: Versioned<CylinderRecord>): boolean =>
      tickAll || isDue(cylinder, now) || isAlarmAhead(cylinder.record.alarm, now, policies.default);
    const cylinders = await leftToSweep(
      names.cylinders,
      ledger.cylinders(names.cylinders, 'recent'),
      (cylinder, name) => {
        const isLeft = isTicked(cylinder) || cylinder.record.restsUntil !== null;
        if (!isLeft || !isQuiet(name, cylinder)) return isLeft;
        quiet.push(name);
        return false;
      },
    );
    await saveUntilSettled(ledger, quiet, async (left, freshness) => {
      const records = await ledger.cylinders(left, freshness);
      return left.flatMap((name) => tickedQuietly(name, records.get(name)));
    });
    await changeCylinders(ports, cylinders, (_, cylinder) =>
      cylinder !== undefined && isTicked(cylinder) ? [{ kind: 'tick', receivedAt: now }] : [],
    );
    const gateways = await leftToSweep(names.gateways, ledger.gateways(names.gateways, 'recent'), (gateway) =>
      isGatewaySwept(gateway, now, policies.default),
    );
    const woken = await wakeCylinders(ports, gateways, now);
    await sweepGateways(ports, gateways, woken, now);
    await sweepLiveness(ports, cylinders, now);
    isFirst = false;
  };
};
