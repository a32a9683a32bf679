import type { CylinderRecord, GatewayRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { Ledger, LedgerChange, Names, SaveOutcome, Versioned } from '../../usecases/ports/ledger.ts';
import type { Outbox, OutboxEntry, OutboxItem } from '../../usecases/ports/outbox.ts';

const pick = <T>(records: ReadonlyMap<string, T>, names: readonly string[]): ReadonlyMap<string, T> =>
  new Map(
    names.flatMap((name) => {
      const record = records.get(name);
      return record === undefined ? [] : [[name, record] as const];
    }),
  );

const itemsOf = (change: LedgerChange): readonly OutboxItem[] => [
  ...(change.kind === 'cylinder'
    ? [
        ...change.transitions.map((transition) => ({ kind: 'transition', transition }) as const),
        ...change.incidents.map((incident) => ({ kind: 'incident', incident }) as const),
      ]
    : []),
  ...change.notices.map((notice) => ({ kind: 'notice', notice }) as const),
  ...(change.kind === 'cylinder' && change.twin !== null
    ? [{ kind: 'twin', cylinder: change.name, twin: change.twin, version: change.expected + 1 } as const]
    : []),
];

const dueIn = (
  records: ReadonlyMap<string, Versioned<Readonly<{ dueAt: number | null }>>>,
  now: number,
  beyond: number,
): readonly string[] =>
  [...records].flatMap(
    ([
      name,
      {
        record: { dueAt },
      },
    ]) => (dueAt !== null && (dueAt <= now || dueAt > beyond) ? [name] : []),
  );

/** A ledger with its outbox that keeps the contracts of its ports in memory. */
export const memoryLedger = (): Ledger & Outbox & Readonly<{ names(): Promise<Names> }> => {
  const cylinders = new Map<string, Versioned<CylinderRecord>>();
  const gateways = new Map<string, Versioned<GatewayRecord>>();
  let outbox: readonly OutboxEntry[] = [];
  let lastId = 0;

  const put = (item: OutboxItem): void => {
    lastId += 1;
    outbox = [
      ...outbox.filter(
        (entry) =>
          item.kind !== 'twin' || entry.item.kind !== 'twin' || entry.item.cylinder !== item.cylinder,
      ),
      { id: lastId, item },
    ];
  };

  const saveOne = (change: LedgerChange): SaveOutcome => {
    const standing = (change.kind === 'cylinder' ? cylinders : gateways).get(change.name)?.version ?? 0;
    if (standing !== change.expected) return 'conflict';
    if (change.kind === 'cylinder') {
      cylinders.set(change.name, { record: change.record, version: standing + 1 });
    } else {
      gateways.set(change.name, { record: change.record, version: standing + 1 });
    }
    for (const item of itemsOf(change)) put(item);
    return 'saved';
  };

  return {
    cylinders: (names) => Promise.resolve(pick(cylinders, names)),
    gateways: (names) => Promise.resolve(pick(gateways, names)),
    names: () =>
      Promise.resolve({ cylinders: [...cylinders.keys()].sort(), gateways: [...gateways.keys()].sort() }),
    due: (now, beyond = Number.POSITIVE_INFINITY) =>
      Promise.resolve({
        cylinders: dueIn(cylinders, now, beyond),
        gateways: dueIn(gateways, now, beyond),
      }),
    cylindersOf: (gateway) =>
      Promise.resolve(
        [...cylinders].flatMap(([name, { record }]) => (record.alarm.gateway === gateway ? [name] : [])),
      ),
    save: (changes) => Promise.resolve(changes.map(saveOne)),
    pending: (limit) => Promise.resolve(outbox.slice(0, limit)),
    done(ids) {
      outbox = outbox.filter(({ id }) => !ids.includes(id));
      return Promise.resolve();
    },
  };
};
