import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { noticeCodec } from '../../usecases/ledger/codecs/notice-codec.ts';
import { courseCodec, notifiedEvent, sentNotice } from '../../usecases/ledger/course-events.ts';
import type { DeskQuestion, DeskView, PipelineState } from '../../usecases/ports/desk-view.ts';
import type { Freshness } from '../../usecases/ports/ledger.ts';
import type { SentNotice } from '../../usecases/ports/notification-log.ts';
import { courseStart, INCIDENT, NOTICE, partitionOf, SNS_CHANNEL, STATE, type TableItem } from './key.ts';
import { recordsOf } from './line-view.ts';
import { namesInIndexes, readLine } from './read-states.ts';
import { readRollups } from './rollups.ts';
import { queryAll, scanAll } from './table.ts';

type Options = Readonly<{
  client: DynamoDBClient;
  table: string;
  historyTable: string;
  /** Reads samples at full rate, from a store that can. */
  samples?: DeskView['samples'] | null;
  /** What is known of the pipeline beside the ledger. */
  deadLetters?: () => Promise<number>;
  elsewhere?: NonNullable<PipelineState['elsewhere']>;
  now?: () => number;
  keptMs?: typeof KEPT_MS;
}>;

/**
 * For so long what was read will do, ms, however many look and however often: the states of the line, their names, and
 * what only a scan of the table finds, which grows with every incident.
 */
export const KEPT_MS = { states: 10_000, names: 30_000, whole: 30_000 };

/** Reads at most once in so many ms, whoever asks, until it is told to forget; what failed is read again. */
const readEvery = <T>(ms: number, now: () => number, read: () => Promise<T>) => {
  let last: Readonly<{ at: number; value: Promise<T> }> | null = null;
  const forget = (): void => {
    last = null;
  };
  const get = (): Promise<T> => {
    if (last !== null && now() - last.at < ms) return last.value;
    const value = read();
    last = { at: now(), value };
    value.catch(forget);
    return value;
  };
  return { get, forget };
};

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
    return [sentNotice(output, SNS_CHANNEL, sentAt)];
  } catch {
    return [];
  }
};

const cylinderOf = (incident: string): string => incident.slice(0, Math.max(0, incident.lastIndexOf('@')));

/**
 * What the desk shows of the ledger's table: one cylinder by its own items, the line by its states, which are read at most
 * once in a while until `forget` says that something has changed.
 */
export const createDynamoDeskView = (options: Options): DeskView & Readonly<{ forget(): void }> => {
  const { client, historyTable, samples, deadLetters, elsewhere, now = Date.now, keptMs = KEPT_MS } = options;
  let freshness: Freshness = 'recent';
  const names = readEvery(keptMs.names, now, () => namesInIndexes(options));
  const states = readEvery(keptMs.states, now, async () => {
    const asked = freshness;
    freshness = 'recent';
    const items = await readLine(options, await names.get(), asked);
    return {
      cylinders: recordsOf(items, 'cylinder', cylinderCodec),
      gateways: recordsOf(items, 'gateway', gatewayCodec),
    };
  });
  const whole = readEvery(keptMs.whole, now, () => scanAll(options, {}));
  const letters = readEvery<number | null>(keptMs.states, now, async () => (await deadLetters?.()) ?? null);
  const forget = (): void => {
    freshness = 'latest';
    states.forget();
    whole.forget();
  };
  /** Of a cylinder, or of all where it is null. */
  const itemsOf = async (cylinder: string | null, start: string): Promise<readonly TableItem[]> => {
    if (cylinder === null) return (await whole.get()).filter(({ sk }) => sk?.S?.startsWith(start));
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
    cylinders: async () => (await states.get()).cylinders,
    cylinder: async (name) =>
      recordsOf(await itemsOf(name, STATE), 'cylinder', cylinderCodec).get(name) ?? null,
    gateways: async () => (await states.get()).gateways,
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
    samples: samples ?? (() => Promise.resolve([])),
    notices,
    pipeline: async () => ({
      backlog: null,
      quarantine: null,
      // The rest is shown all the same.
      deadLetters: await letters.get().catch(() => null),
      ...(elsewhere === undefined ? {} : { elsewhere }),
      channels: [],
    }),
  };
};
