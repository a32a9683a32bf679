import type { DynamoDBClient, QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import type { RecordCodec } from '../../usecases/ledger/record-codec.ts';
import type { Freshness, Ledger, PartialFailure, Versioned } from '../../usecases/ports/ledger.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { LedgerError } from '../aws-error.ts';
import { DUE_KINDS, partitionOf, subjectOf, type TableItem } from './key.ts';
import { unpack } from './packed.ts';
import { readStates } from './read-states.ts';
import { createDueBounds, saveChanges } from './save.ts';
import { jitteredPause, type LedgerTable, type Pause, queryAll, SAVE_PATIENCE_MS } from './table.ts';

/** Whose states an index holds, each once. An index follows the table within a moment, not at once. */
const ask = async (
  ledger: LedgerTable,
  query: Omit<QueryCommandInput, 'TableName'>,
): Promise<readonly NoticeSubject[]> => {
  const partitions = new Set((await queryAll(ledger, query)).map(({ pk }) => pk?.S ?? ''));
  return [...partitions].flatMap((partition) => subjectOf(partition) ?? []);
};

const askByDue = async (
  ledger: LedgerTable,
  range: '<= :now' | '>= :from',
  time: number,
): Promise<readonly NoticeSubject[]> => {
  const asked = DUE_KINDS.map((kind) => askOneKind(ledger, kind, range, time));
  return (await Promise.all(asked)).flat();
};

const askOneKind = (
  ledger: LedgerTable,
  kind: string,
  range: '<= :now' | '>= :from',
  time: number,
): Promise<readonly NoticeSubject[]> =>
  ask(ledger, {
    IndexName: 'by-due',
    KeyConditionExpression: `#kind = :due AND #at ${range}`,
    ExpressionAttributeNames: { '#kind': 'dueKind', '#at': 'dueAt' },
    ExpressionAttributeValues: { ':due': { S: kind }, [range.slice(3)]: { N: String(time) } },
  });

/** Whose time may have come by `now`, ms, or comes only after `beyond`. */
const askDue = async (
  ledger: LedgerTable,
  now: number,
  beyond: number | undefined,
): Promise<readonly NoticeSubject[]> => {
  const asked = [askByDue(ledger, '<= :now', now)];
  if (beyond !== undefined) asked.push(askByDue(ledger, '>= :from', beyond + 1));
  return (await Promise.all(asked)).flat();
};

/** Whose last sample came by the gateway. */
const askGateway = (ledger: LedgerTable, gateway: string): Promise<readonly NoticeSubject[]> =>
  ask(ledger, {
    IndexName: 'by-gateway',
    KeyConditionExpression: '#gateway = :gateway',
    ExpressionAttributeNames: { '#gateway': 'gateway' },
    ExpressionAttributeValues: { ':gateway': { S: gateway } },
  });

type Options = Readonly<{
  client: DynamoDBClient;
  table: string;
  /** The table of roll-ups, where there is a desk; without one they are not kept. */
  historyTable?: string | undefined;
  now?: () => number;
  /** Waits before an attempt, beyond the client's own retries. */
  pause?: Pause;
  /** How long a save goes on trying for a table that has no units left, ms; then follows one last call at most. */
  patienceMs?: number;
}>;

const namesOf = (subjects: readonly NoticeSubject[], kind: NoticeSubject['kind']): readonly string[] =>
  subjects.filter((subject) => subject.kind === kind).map(({ name }) => name);

/** Some records that could not be read, each for its own reason, while others could. */
class ReadError extends LedgerError implements PartialFailure {
  readonly names: ReadonlyMap<string, Error>;

  constructor(first: Error, names: ReadonlyMap<string, Error>) {
    super(
      first instanceof LedgerError ? first.code : 'poison',
      `${names.size} records could not be read`,
      first,
    );
    this.names = names;
  }
}

const recordOf = <T>(
  { pk, record, version }: TableItem,
  codec: RecordCodec<T>,
  name: string,
): Versioned<T> => {
  const partition = pk?.S ?? '';
  if (record?.B === undefined || version?.N === undefined)
    throw new LedgerError('poison', `${partition} holds no record with a version`);
  return { record: codec.decode(unpack(record.B, partition), name), version: Number(version.N) };
};

/** The ledger in one table of DynamoDB. What goes out with a change is told by the table's stream. */
export const createDynamoLedger = ({
  client,
  table,
  historyTable,
  now = Date.now,
  pause = jitteredPause,
  patienceMs = SAVE_PATIENCE_MS.batch,
}: Options): Ledger => {
  const ledger = { client, table, pause };
  const bounds = createDueBounds();

  const read = async <T>(
    kind: NoticeSubject['kind'],
    names: readonly string[],
    codec: RecordCodec<T>,
    freshness: Freshness = 'latest',
  ): Promise<ReadonlyMap<string, Versioned<T>>> => {
    const { found, unread, cause } = await readStates(ledger, kind, names, freshness);
    const items = new Map(found.map((item) => [item.pk?.S, item]));
    const waiting = new Set(unread.map(({ pk }) => pk?.S));
    const records = new Map<string, Versioned<T>>();
    const failures = new Map<string, Error>();
    for (const name of names) {
      const partition = partitionOf({ kind, name });
      const item = items.get(partition);
      try {
        if (waiting.has(partition))
          throw new LedgerError('throttled', `${table} has no units to read ${partition}`, cause);
        if (item === undefined) continue;
        records.set(name, recordOf(item, codec, name));
        bounds.seen(partition, item.dueAt?.N === undefined ? null : Number(item.dueAt.N));
      } catch (error) {
        failures.set(name, error instanceof Error ? error : new Error(String(error)));
      }
    }
    const [first] = failures.values();
    if (first !== undefined) throw failures.size === names.length ? first : new ReadError(first, failures);
    return records;
  };

  return {
    cylinders: (names, freshness) => read('cylinder', names, cylinderCodec, freshness),
    gateways: (names, freshness) => read('gateway', names, gatewayCodec, freshness),
    due: async (time, beyond) => {
      const subjects = await askDue(ledger, time, beyond);
      return { cylinders: namesOf(subjects, 'cylinder'), gateways: namesOf(subjects, 'gateway') };
    },
    cylindersOf: async (gateway) => namesOf(await askGateway(ledger, gateway), 'cylinder'),
    save: (changes) => saveChanges({ ledger, historyTable, bounds, now, patienceMs }, changes),
    pause,
  };
};
