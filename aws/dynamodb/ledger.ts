import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import type { RecordCodec } from '../../usecases/ledger/record-codec.ts';
import type { Ledger, Versioned } from '../../usecases/ports/ledger.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { LedgerError } from '../aws-error.ts';
import { createDueBounds } from './due-bounds.ts';
import { askDue, askGateway } from './indexes.ts';
import { partitionOf } from './key.ts';
import { unpack } from './packed.ts';
import { readStates } from './read-states.ts';
import { saveChanges } from './save.ts';
import { jitteredPause, type Pause } from './table.ts';

type Options = Readonly<{
  client: DynamoDBClient;
  table: string;
  now?: () => number;
  /** Waits before an attempt, beyond the client's own retries. */
  pause?: Pause;
}>;

const namesOf = (subjects: readonly NoticeSubject[], kind: NoticeSubject['kind']): readonly string[] =>
  subjects.filter((subject) => subject.kind === kind).map(({ name }) => name);

/** The ledger in one table of DynamoDB. What goes out with a change is told by the table's stream. */
export const createDynamoLedger = ({
  client,
  table,
  now = Date.now,
  pause = jitteredPause,
}: Options): Ledger => {
  const ledger = { client, table, pause };
  const bounds = createDueBounds();

  const read = async <T>(
    kind: NoticeSubject['kind'],
    names: readonly string[],
    codec: RecordCodec<T>,
  ): Promise<ReadonlyMap<string, Versioned<T>>> => {
    const found = new Map((await readStates(ledger, kind, names)).map((item) => [item.pk?.S, item]));
    const records = new Map<string, Versioned<T>>();
    for (const name of names) {
      const partition = partitionOf({ kind, name });
      const item = found.get(partition);
      if (item === undefined) continue;
      const { record, version, dueAt } = item;
      if (record?.B === undefined || version?.N === undefined)
        throw new LedgerError('poison', `${partition} holds no record with a version`);
      records.set(name, {
        record: codec.decode(unpack(record.B, partition), name),
        version: Number(version.N),
      });
      bounds.seen(partition, dueAt?.N === undefined ? null : Number(dueAt.N));
    }
    return records;
  };

  return {
    cylinders: (names) => read('cylinder', names, cylinderCodec),
    gateways: (names) => read('gateway', names, gatewayCodec),
    due: async (time, beyond) => {
      const subjects = await askDue(ledger, time, beyond);
      return { cylinders: namesOf(subjects, 'cylinder'), gateways: namesOf(subjects, 'gateway') };
    },
    cylindersOf: async (gateway) => namesOf(await askGateway(ledger, gateway), 'cylinder'),
    save: (changes) => saveChanges({ ledger, bounds, now }, changes),
  };
};
