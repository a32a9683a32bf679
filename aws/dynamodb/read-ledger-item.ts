import * as v from 'valibot';
import { readNotice } from '../../domain/notice/read-notice.ts';
import type { LedgerItem } from '../../usecases/ledger-item.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { readIncident } from './read-incident.ts';

const text = v.object({ S: v.string() });

/** A record of the stream, of which only the item as it now is matters; an item that went has none. */
const streamRecord = v.object({
  dynamodb: v.object({
    NewImage: v.optional(
      v.object({ pk: text, sk: text, notice: v.optional(text), incident: v.optional(text) }),
    ),
  }),
});

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

const subjectOf = (key: string): NoticeSubject | null => {
  const name = key.slice(2);
  if (name === '') return null;
  if (key.startsWith('C#')) return { kind: 'cylinder', name };
  return key.startsWith('G#') ? { kind: 'gateway', name } : null;
};

const malformed = (name: string, fault: string): LedgerItem => ({ kind: 'malformed', name, fault });

const noticeItem = (pk: string, sk: string, json: string | undefined): LedgerItem => {
  const subject = subjectOf(pk);
  const notice = json === undefined ? null : readNotice(parse(json));
  if (subject === null || notice === null) return malformed(`${pk} ${sk}`, 'is no notice');
  // The box would not find it, and what it does not find counts as told.
  if (sk !== `N#${notice.output.id}`) return malformed(`${pk} ${sk}`, 'is not named after its notice');
  return { kind: 'notice', subject, notice };
};

/**
 * Reads a record of the ledger's stream: the items with the sort keys `N#…` and `I#…`. Whatever cannot be read is named
 * as such, so that it becomes a dead letter and is not passed over.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html
 */
export const readLedgerItem = (record: unknown): LedgerItem => {
  const read = v.safeParse(streamRecord, record);
  if (!read.success) return malformed('a record of the stream', 'has no item with a key');
  const { NewImage: image } = read.output.dynamodb;
  if (image === undefined) return { kind: 'nothing' };
  const { pk, sk, notice, incident } = image;
  if (sk.S.startsWith('N#')) return noticeItem(pk.S, sk.S, notice?.S);
  if (!sk.S.startsWith('I#')) return { kind: 'nothing' };
  const known = incident === undefined ? null : readIncident(parse(incident.S));
  if (known === null) return malformed(`${pk.S} ${sk.S}`, 'is no incident');
  return { kind: 'incident', incident: known };
};
