import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DEFAULT_POLICY } from '../../domain/alarm/policy/policy.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import type { RecordCodec } from '../../usecases/ledger/record-codec.ts';
import { lineStatus } from '../../usecases/line-status.ts';
import type { LineView } from '../../usecases/ports/line-view.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { INCIDENT, partitionOf, STATE, subjectOf, type TableItem } from './key.ts';
import { unpack } from './packed.ts';
import { queryAll, scanAll } from './table.ts';

type Options = Readonly<{ client: DynamoDBClient; table: string; now?: () => number }>;

/** The records of cylinders or of gateways among items, by their names. */
export const recordsOf = <T>(
  items: readonly TableItem[],
  kind: NoticeSubject['kind'],
  codec: RecordCodec<T>,
): ReadonlyMap<string, T> =>
  new Map(
    items.flatMap(({ pk, record }): readonly [string, T][] => {
      const subject = subjectOf(pk?.S ?? '');
      if (subject?.kind !== kind || record?.B === undefined) return [];
      return [[subject.name, codec.decode(unpack(record.B, partitionOf(subject)), subject.name)]];
    }),
  );

const isWithin = ({ beganAt, clearedAt }: IncidentRecord, sinceMs: number | null): boolean =>
  sinceMs === null || clearedAt === null || clearedAt >= sinceMs || beganAt >= sinceMs;

/**
 * The line by the ledger's table, which is read whole: its states and incidents are small. What is stale is said by the
 * default policy, which is all that is known here.
 */
export const createLineView = (options: Options): LineView => {
  const { now = Date.now, client } = options;
  const incidentItems = (cylinder: string | null): Promise<readonly TableItem[]> =>
    cylinder === null
      ? scanAll(options, {
          FilterExpression: 'begins_with(sk, :incident)',
          ExpressionAttributeValues: { ':incident': { S: INCIDENT } },
        })
      : queryAll(options, {
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :incident)',
          ExpressionAttributeValues: {
            ':pk': { S: partitionOf({ kind: 'cylinder', name: cylinder }) },
            ':incident': { S: INCIDENT },
          },
        });
  return {
    status: async () => {
      const items = await scanAll(options, {
        FilterExpression: 'sk = :state',
        ExpressionAttributeValues: { ':state': { S: STATE } },
      });
      const cylinders = recordsOf(items, 'cylinder', cylinderCodec);
      return lineStatus(
        cylinders,
        recordsOf(items, 'gateway', gatewayCodec),
        now(),
        DEFAULT_POLICY.staleAfterMs,
      );
    },
    incidents: async ({ cylinder, sinceMs }) => {
      const items = await incidentItems(cylinder);
      const incidents = items
        .map(({ sk, incident }) => incidentCodec.decode(incident?.S ?? '', sk?.S ?? ''))
        .filter((incident) => isWithin(incident, sinceMs))
        .sort((a, b) => b.beganAt - a.beganAt);
      return { now: now(), incidents };
    },
    close: () => Promise.resolve(client.destroy()),
  };
};
