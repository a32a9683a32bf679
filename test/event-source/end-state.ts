import { INCIDENT, NOTICE, STATE, subjectOf } from '../../aws/dynamodb/key.ts';
import { unpack } from '../../aws/dynamodb/packed.ts';
import { readQuarantineText } from '../../aws/s3/quarantine.ts';
import { NONE } from '../../notification/notice-record.ts';
import { cylinderCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { gatewayCodec } from '../../usecases/ledger/codecs/gateway-codec.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import type { Item } from '../fixture/dynamo/attribute.ts';
import type { Line } from './line.ts';
import type { TelemetryBackend } from './telemetry-backend.ts';

/** What happened, but for when and in which save: a run with mishaps takes longer, and saves what it folds otherwise. */
const happened = ({ table, cells }: ReturnType<TelemetryBackend['events']>[number]): string => {
  const { id, notice, type, incident, kind, cause, given_by: by, words, topic, reason, place } = cells;
  return [table, id ?? notice, type, incident, kind, cause, by, words, topic, reason, place].join(' ');
};

/** Entries in the order of their names. */
export const byId = <T extends Readonly<{ id: string }>>(entries: readonly T[]): readonly T[] =>
  entries.toSorted((a, b) => (a.id === b.id ? 0 : a.id < b.id ? -1 : 1));

/** What counts deliveries: a sample that comes once more after its second was judged counts as late. */
const COUNTS: readonly string[] = ['lateSamples', 'unjudged'];

/** Anything, but for what counts deliveries. */
const uncounted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(uncounted);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => !COUNTS.includes(name));
  return Object.fromEntries(kept.map(([name, inner]) => [name, uncounted(inner)]));
};

const recordText = (item: Item): string => unpack(Buffer.from(item.record?.B ?? '', 'base64'), 'a record');

/** What a cylinder's record says, but for when it was written. */
const lasting = (item: Item): unknown => {
  const { twinAt, twinKey, dueAt, restsUntil, ...rest } = cylinderCodec.decode(recordText(item), 'a record');
  return uncounted(rest);
};

const heard = (item: Item): unknown => gatewayCodec.decode(recordText(item), 'a record');

const itemsOf = (line: Line, sort: string): readonly Item[] =>
  line.dynamo.table.items().filter(({ sk }) => sk?.S?.startsWith(sort) === true);

/** What people were told: the notice and what machines get of it. */
export type Notified = Readonly<{ id: string; data: unknown }>;

/** What machines got of a notice; an ONLINE comes with whichever message is read first. */
const told = ({ id, data }: Notified): Notified => {
  const { at, endedAt, ...rest } = Object(data);
  return { id, data: rest.cylinder === NONE ? rest : { ...rest, at, endedAt } };
};

const repeated = (ids: readonly string[]): readonly string[] =>
  ids.filter((id, index) => ids.indexOf(id) < index);

/** All that a run leaves behind, in a form in which two runs can be compared. */
export const endState = async (
  line: Line,
  telemetry: TelemetryBackend,
  shadowOf: (thing: string) => Promise<unknown>,
) => {
  const statesOf = (kind: NoticeSubject['kind']): readonly Item[] =>
    itemsOf(line, STATE).filter(({ pk }) => subjectOf(pk?.S ?? '')?.kind === kind);
  const [cylinders, gateways] = [statesOf('cylinder'), statesOf('gateway')];
  const notices = itemsOf(line, NOTICE);
  return {
    records: byId(cylinders.map((item) => ({ id: item.pk?.S ?? '', record: lasting(item) }))),
    gateways: byId(gateways.map((item) => ({ id: item.pk?.S ?? '', record: heard(item) }))),
    notices: notices.map(({ sk }) => sk?.S?.slice(NOTICE.length) ?? '').sort(),
    untold: notices.filter(({ toldAt }) => toldAt === undefined).map(({ sk }) => sk?.S),
    incidents: byId(
      itemsOf(line, INCIDENT).map(({ sk, incident }) => ({
        id: sk?.S ?? '',
        incident: JSON.parse(incident?.S ?? ''),
      })),
    ),
    twins: byId(
      await Promise.all(
        cylinders.map(async ({ pk }) => {
          const id = subjectOf(pk?.S ?? '')?.name ?? '';
          return { id, twin: uncounted(await shadowOf(id)) };
        }),
      ),
    ),
    samples: byId(
      telemetry.samples().map((sample) => ({ id: `${sample.cylinder} ${sample.t} ${sample.seq}`, sample })),
    ),
    recorded: byId(telemetry.incidents()),
    happened: telemetry.events().map(happened).sort(),
    quarantine: [...line.objects]
      .map(([key, bytes]) => ({ id: key, record: readQuarantineText(Buffer.from(bytes).toString('utf8')) }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    published: line.topic.published.map(told),
    toldTwice: repeated(line.topic.published.map(({ id }) => id)),
  };
};

export type EndState = Readonly<Awaited<ReturnType<typeof endState>>>;
