import * as v from 'valibot';
import { CANARY, isName } from '../../domain/message/topic.ts';
import { buildTwin } from '../../domain/twin/build-twin.ts';
import { cylinderCodec, twinCodec } from '../../usecases/ledger/codecs/cylinder-codec.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { noticeCodec } from '../../usecases/ledger/codecs/notice-codec.ts';
import { courseCodec, sentNotice } from '../../usecases/ledger/course-events.ts';
import type { RecordCodec } from '../../usecases/ledger/record-codec.ts';
import type { LedgerItem } from '../../usecases/ports/outbox.ts';
import { EventError } from '../aws-error.ts';
import {
  COURSE,
  INCIDENT,
  NOTICE,
  noticeSort,
  readCourseSort,
  SNS_CHANNEL,
  STATE,
  subjectOf,
  TWIN,
} from './key.ts';
import { unpack } from './packed.ts';

/** An attribute that holds a record as text. */
const recordText = <T>(codec: RecordCodec<T>) =>
  v.object({ S: v.pipe(v.string(), v.parseJson(), codec.nested) });

const text = v.object({ S: v.string() });
const wholeNumber = v.object({ N: v.pipe(v.string(), v.transform(Number), v.safeInteger()) });
/** `toldAt` stands in a notice that was sent, ms. */
const noticeItem = v.object({ notice: recordText(noticeCodec), toldAt: v.optional(wholeNumber) });
const incidentItem = v.object({ incident: recordText(incidentCodec) });
const stepItem = v.object({ step: recordText(courseCodec) });
const twinItem = v.object({
  version: wholeNumber,
  savedAt: v.optional(wholeNumber),
  twin: recordText(twinCodec),
});

/** A state whose save refreshed the twin, for which nothing else was written. */
const refreshItem = v.object({
  version: wholeNumber,
  refreshedAt: wholeNumber,
  staleAfterMs: wholeNumber,
  record: v.object({ B: v.pipe(v.string(), v.base64()) }),
});

type Image = Readonly<{ pk: v.InferOutput<typeof text>; sk: v.InferOutput<typeof text> }>;

const malformed = ({ pk, sk }: Image, fault: string): LedgerItem => ({
  kind: 'malformed',
  name: `${pk.S} ${sk.S}`,
  fault,
});

/** What is wrong with an item, with the place in it. */
const faultOf = (what: string, [issue]: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string =>
  `${what}: ${v.getDotPath(issue) ?? 'it'}: ${issue.message}`;

const readNoticeItem = (image: Image): LedgerItem => {
  const subject = subjectOf(image.pk.S);
  if (subject === null) return malformed(image, 'is no notice of anybody');
  const read = v.safeParse(noticeItem, image);
  if (!read.success) return malformed(image, faultOf('is no notice', read.issues));
  const notice = read.output.notice.S;
  // The notification log would not find it, and what it does not find counts as told.
  if (image.sk.S !== noticeSort(notice.output.id)) return malformed(image, 'is not named after its notice');
  const { toldAt } = read.output;
  if (toldAt === undefined) return { kind: 'notice', subject, notice };
  // People are never told of the canary, and analysts are not either.
  if (subject.name === CANARY) return { kind: 'nothing' };
  return {
    kind: 'event',
    event: { kind: 'notice', notice: sentNotice(notice.output, SNS_CHANNEL, toldAt.N) },
  };
};

const readStepItem = (image: Image): LedgerItem => {
  const [subject, sort] = [subjectOf(image.pk.S), readCourseSort(image.sk.S)];
  if (subject?.kind !== 'cylinder' || sort === null)
    return malformed(image, 'is no step of an incident of a cylinder');
  const read = v.safeParse(stepItem, image);
  return read.success
    ? { kind: 'event', event: { kind: 'step', cylinder: subject.name, ...sort, event: read.output.step.S } }
    : malformed(image, faultOf('is no step of an incident', read.issues));
};

const readIncidentItem = (image: Image): LedgerItem => {
  const read = v.safeParse(incidentItem, image);
  return read.success
    ? { kind: 'incident', incident: read.output.incident.S }
    : malformed(image, faultOf('is no incident', read.issues));
};

const readTwinItem = (image: Image): LedgerItem => {
  const subject = subjectOf(image.pk.S);
  if (subject?.kind !== 'cylinder' || !isName(subject.name))
    return malformed(image, 'is the twin of no cylinder');
  const read = v.safeParse(twinItem, image);
  if (read.success) {
    const { twin, version, savedAt } = read.output;
    const item = { kind: 'twin' as const, cylinder: subject.name, twin: twin.S, version: version.N };
    return savedAt === undefined ? item : { ...item, savedAt: savedAt.N };
  }
  return malformed(image, faultOf('is no twin', read.issues));
};

const readRefresh = (image: Image): LedgerItem => {
  const subject = subjectOf(image.pk.S);
  if (subject?.kind !== 'cylinder' || !isName(subject.name))
    return malformed(image, 'is the twin of no cylinder');
  const read = v.safeParse(refreshItem, image);
  if (!read.success) return malformed(image, faultOf('is no twin', read.issues));
  const { record, version, refreshedAt, staleAfterMs } = read.output;
  try {
    const text = unpack(Buffer.from(record.B, 'base64'), image.pk.S);
    const cylinder = cylinderCodec.decode(text, subject.name);
    const twin = buildTwin(cylinder, cylinder.twinAt, staleAfterMs.N);
    return { kind: 'twin', cylinder: subject.name, twin, version: version.N, savedAt: refreshedAt.N };
  } catch (error) {
    return malformed(image, `is no twin: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Of a record of the stream only the item as it now is matters; an item that went has none. */
const streamRecord = v.object({
  dynamodb: v.object({ NewImage: v.optional(v.looseObject({ pk: text, sk: text })) }),
});

/**
 * Reads a record of the ledger's stream: a notice, new or sent, an incident, a step of one, a twin. Whatever of these cannot be read is named as
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
  if (image.sk.S.startsWith(COURSE)) return readStepItem(image);
  if (image.sk.S === STATE && 'refreshedAt' in image) return readRefresh(image);
  return image.sk.S === TWIN ? readTwinItem(image) : { kind: 'nothing' };
};

const streamEvent = v.object({ Records: v.array(v.unknown()) });

/** Reads what woke a function, an item a record. Throws when it is no batch of a stream. */
export const readStream = (event: unknown): readonly LedgerItem[] => {
  const parsed = v.safeParse(streamEvent, event);
  if (!parsed.success)
    throw new EventError('poison', `not a batch of the ledger's stream: ${parsed.issues[0].message}`);
  return parsed.output.Records.map(readLedgerItem);
};
