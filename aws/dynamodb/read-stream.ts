import * as v from 'valibot';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { isName } from '../../domain/message/name.ts';
import { readNotice } from '../../domain/notice/read-notice.ts';
import type { TwinReport } from '../../domain/twin/twin-report.ts';
import type { LedgerItem } from '../../usecases/ledger-item.ts';
import { INCIDENT, NOTICE, noticeSort, subjectOf, TWIN } from './key.ts';

/** An attribute that holds JSON as text. */
const json = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.object({ S: v.pipe(v.string(), v.parseJson(), schema) });

const text = v.object({ S: v.string() });
const time = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.nonEmpty());
const maybeText = v.nullable(v.string());

const incident: v.GenericSchema<unknown, IncidentRecord> = v.object({
  id: name,
  cylinder: name,
  gateway: maybeText,
  beganAt: time,
  raisedAt: time,
  clearedAt: v.nullable(time),
  endedBy: v.nullable(v.picklist(['clearing', 'maintenance'])),
  severity: v.string(),
  reopenings: v.number(),
  acknowledgedBy: maybeText,
  closedBy: maybeText,
  outcome: maybeText,
  mode: maybeText,
  comment: maybeText,
});

const twinReport = v.custom<TwinReport>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'is no object',
);

const noticeItem = v.object({ notice: json(v.unknown()) });
const incidentItem = v.object({ incident: json(incident) });
const twinItem = v.object({
  version: v.object({ N: v.pipe(v.string(), v.transform(Number), v.safeInteger()) }),
  twin: json(twinReport),
});

type Image = Readonly<{ pk: v.InferOutput<typeof text>; sk: v.InferOutput<typeof text> }>;

const malformed = ({ pk, sk }: Image, fault: string): LedgerItem => ({
  kind: 'malformed',
  name: `${pk.S} ${sk.S}`,
  fault,
});

const readNoticeItem = (image: Image): LedgerItem => {
  const subject = subjectOf(image.pk.S);
  const read = v.safeParse(noticeItem, image);
  const notice = read.success ? readNotice(read.output.notice.S) : null;
  if (subject === null || notice === null) return malformed(image, 'is no notice');
  // The notification log would not find it, and what it does not find counts as told.
  if (image.sk.S !== noticeSort(notice.output.id)) return malformed(image, 'is not named after its notice');
  return { kind: 'notice', subject, notice };
};

const readIncidentItem = (image: Image): LedgerItem => {
  const read = v.safeParse(incidentItem, image);
  return read.success
    ? { kind: 'incident', incident: read.output.incident.S }
    : malformed(image, 'is no incident');
};

const readTwinItem = (image: Image): LedgerItem => {
  const subject = subjectOf(image.pk.S);
  if (subject?.kind !== 'cylinder' || !isName(subject.name))
    return malformed(image, 'is the twin of no cylinder');
  const read = v.safeParse(twinItem, image);
  if (read.success) {
    const { twin, version } = read.output;
    return { kind: 'twin', cylinder: subject.name, twin: twin.S, version: version.N };
  }
  const [issue] = read.issues;
  return malformed(image, `is no twin: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
};

/** Of a record of the stream only the item as it now is matters; an item that went has none. */
const streamRecord = v.object({
  dynamodb: v.object({ NewImage: v.optional(v.looseObject({ pk: text, sk: text })) }),
});

/**
 * Reads a record of the ledger's stream: a notice, an incident, a twin. Whatever of these cannot be read is named as
 * such, so that it becomes a dead letter and is not passed over.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
 */
export const readLedgerItem = (record: unknown): LedgerItem => {
  const read = v.safeParse(streamRecord, record);
  if (!read.success)
    return { kind: 'malformed', name: 'a record of the stream', fault: 'has no item with a key' };
  const { NewImage: image } = read.output.dynamodb;
  if (image === undefined) return { kind: 'nothing' };
  if (image.sk.S.startsWith(NOTICE)) return readNoticeItem(image);
  if (image.sk.S.startsWith(INCIDENT)) return readIncidentItem(image);
  return image.sk.S === TWIN ? readTwinItem(image) : { kind: 'nothing' };
};

const streamEvent = v.object({
  Records: v.array(v.looseObject({ dynamodb: v.looseObject({ SequenceNumber: v.string() }) })),
});

/** What a record of the ledger's stream says, with what names it in the answer to the event source. */
export type LedgerRecord = Readonly<{ sequenceNumber: string; item: LedgerItem }>;

/** Reads what woke a function. Throws when it is no batch of a table's stream. */
export const readStream = (event: unknown): readonly LedgerRecord[] => {
  const parsed = v.safeParse(streamEvent, event);
  if (!parsed.success) throw new Error(`not a batch of the ledger's stream: ${parsed.issues[0].message}`);
  return parsed.output.Records.map((record) => ({
    sequenceNumber: record.dynamodb.SequenceNumber,
    item: readLedgerItem(record),
  }));
};

/**
 * The answer that tells the event source which records of a batch failed, by their place in it: it goes on at the first.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const batchAnswer = (records: readonly LedgerRecord[], failed: readonly number[]) => ({
  batchItemFailures: failed.flatMap((index) => {
    const record = records[index];
    return record === undefined ? [] : [{ itemIdentifier: record.sequenceNumber }];
  }),
});
