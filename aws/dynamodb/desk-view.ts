import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { courseCodec } from '../../usecases/ledger/codecs/course-codec.ts';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { noticeCodec } from '../../usecases/ledger/codecs/notice-codec.ts';
import { notifiedEvent } from '../../usecases/ledger/course-events.ts';
import type { DeskQuestion, DeskView, SentNotice } from '../../usecases/ports/desk-view.ts';
import { courseStart, INCIDENT, NOTICE, partitionOf, STATE, type TableItem } from './key.ts';
import { recordsOf } from './line-view.ts';
import { readRollups } from './rollups.ts';
import { queryAll, scanAll } from './table.ts';

type Options = Readonly<{
  client: DynamoDBClient;
  table: string;
  historyTable: string;
  now?: () => number;
  /** How long the table that was read whole will do, ms: however many look, and however often. */
  keptMs?: number;
}>;

/** The channel through which notices go out: who gets them from there, SNS alone knows. */
const CHANNEL = 'sns';

const byName = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

const isAsked =
  ({ open, severity, outcome, from, to, after }: DeskQuestion) =>
  (incident: IncidentRecord): boolean => {
    const { id, beganAt, clearedAt } = incident;
    return (
      (open === null || open === (clearedAt === null)) &&
      (severity === null || incident.severity === severity) &&
      (outcome === null || (incident.outcome ?? 'none') === outcome) &&
      (from === null || clearedAt === null || clearedAt >= from) &&
      (to === null || beganAt <= to) &&
      (after === null || beganAt < after.beganAt || (beganAt === after.beganAt && id < after.id))
    );
  };

const incidentOf = ({ sk, incident }: TableItem): IncidentRecord =>
  incidentCodec.decode(incident?.S ?? '', sk?.S ?? '');

/** A notice that cannot be read is a dead letter, which is shown elsewhere. */
const sentNotices = ({ sk, notice, toldAt }: TableItem): readonly SentNotice[] => {
  try {
    const { output } = noticeCodec.decode(notice?.S ?? '', sk?.S ?? '');
    const sentAt = toldAt?.N === undefined ? null : Number(toldAt.N);
    return [
      {
        id: output.id,
        type: output.type,
        cylinder: 'cylinder' in output ? output.cylinder : null,
        gateway: 'gateway' in output ? output.gateway : null,
        incident: 'incident' in output ? output.incident : null,
        at: output.at,
        channel: sentAt === null ? null : CHANNEL,
        sentAt,
        error: null,
      },
    ];
  } catch {
    return [];
  }
};

const cylinderOf = (incident: string): string => incident.slice(0, Math.max(0, incident.lastIndexOf('@')));

/**
 * What the desk shows of the ledger's table: one cylinder by its own items, the line by all of them, read at most once in
 * `keptMs` until `forget` says that something has changed. Samples at full rate it has none.
 */
export const createDynamoDeskView = (options: Options): DeskView & Readonly<{ forget(): void }> => {
  const { client, historyTable, now = Date.now, keptMs = 2000 } = options;
  let whole: Readonly<{ at: number; items: Promise<readonly TableItem[]> }> | null = null;
  const forget = (): void => {
    whole = null;
  };
  const allItems = (): Promise<readonly TableItem[]> => {
    if (whole !== null && now() - whole.at < keptMs) return whole.items;
    const items = scanAll(options, {});
    whole = { at: now(), items };
    items.catch(forget);
    return items;
  };
  /** Of a cylinder, or of all where it is null. */
  const itemsOf = async (cylinder: string | null, start: string): Promise<readonly TableItem[]> => {
    if (cylinder === null) return (await allItems()).filter(({ sk }) => sk?.S?.startsWith(start));
    return await queryAll(options, {
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :start)',
      ExpressionAttributeValues: {
        ':pk': { S: partitionOf({ kind: 'cylinder', name: cylinder }) },
        ':start': { S: start },
      },
      ConsistentRead: true,
    });
  };
  const notices: DeskView['notices'] = async ({ incident, cylinder, limit }) =>
    (await itemsOf(incident === null ? cylinder : cylinderOf(incident), NOTICE))
      .flatMap(sentNotices)
      .filter((notice) => incident === null || notice.incident === incident)
      .sort((a, b) => b.at - a.at)
      .slice(0, limit);

  return {
    forget,
    cylinders: async () => recordsOf(await allItems(), 'cylinder', cylinderCodec),
    cylinder: async (name) =>
      recordsOf(await itemsOf(name, STATE), 'cylinder', cylinderCodec).get(name) ?? null,
    gateways: async () => recordsOf(await allItems(), 'gateway', gatewayCodec),
    incidents: async (question) =>
      (await itemsOf(question.cylinder, INCIDENT))
        .map(incidentOf)
        .filter(isAsked(question))
        .sort((a, b) => b.beganAt - a.beganAt || byName(b.id, a.id))
        .slice(0, question.limit),
    incident: async (id) => {
      const found = await itemsOf(cylinderOf(id), `${INCIDENT}${id}`);
      return found.map(incidentOf).find((incident) => incident.id === id) ?? null;
    },
    course: async ({ id, cylinder }) => {
      const steps = await itemsOf(cylinder, courseStart(id));
      const sent = await notices({ incident: id, cylinder, limit: 500 });
      return [
        ...steps.map(({ sk, step }) => courseCodec.decode(step?.S ?? '', sk?.S ?? '')),
        ...sent.filter(({ sentAt }) => sentAt !== null).map(notifiedEvent),
      ].sort((a, b) => a.at - b.at);
    },
    rollups: (cylinder, from, to) => readRollups({ client, table: historyTable }, cylinder, from, to),
    samples: () => Promise.resolve([]),
    notices,
    pipeline: () => Promise.resolve({ backlog: null, quarantine: null, deadLetters: null, channels: [] }),
  };
};
