import { createHash } from 'node:crypto';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import type { StoredEvent } from '../../usecases/ports/event-store.ts';

/**
 * The tables of what happened, with the names that their columns have on one machine; times are ms since the epoch. The last
 * of `transitions` and `commands`, and the last two of `quarantine`, tell a row from every other: one that is stored again has
 * the same.
 */
export const EVENT_TABLES = {
  notices: {
    id: 'string',
    type: 'string',
    cylinder: 'string',
    gateway: 'string',
    incident: 'string',
    made_at: 'bigint',
    channel: 'string',
    sent_at: 'bigint',
    error: 'string',
  },
  transitions: {
    incident: 'string',
    cylinder: 'string',
    t: 'bigint',
    kind: 'string',
    cause: 'string',
    step: 'string',
  },
  commands: {
    incident: 'string',
    cylinder: 'string',
    t: 'bigint',
    kind: 'string',
    given_by: 'string',
    words: 'string',
    step: 'string',
  },
  quarantine: {
    received_at: 'bigint',
    topic: 'string',
    client: 'string',
    cylinder: 'string',
    reason: 'string',
    detail: 'string',
    bytes: 'bigint',
    message: 'string',
    place: 'string',
  },
} as const;

export type EventTable = keyof typeof EVENT_TABLES;
export type EventCells = Readonly<Record<string, string | number | null>>;
export type EventRow = Readonly<{ table: EventTable; cells: EventCells }>;

const TRANSITIONS: readonly string[] = ['raised', 'reopened', 'escalated', 'cleared'];

/** Names a message by its topic, bytes and time of receipt; a topic holds no NUL, so that nothing runs together. */
export const messageHash = ({ topic, body, receivedAt }: RawMessage): string =>
  createHash('sha256').update(`${topic}\0${receivedAt}\0`).update(body).digest('hex');

/** The rows of an event: of what went into the quarantine one for each reason. */
export const eventRows = (event: StoredEvent): readonly EventRow[] => {
  switch (event.kind) {
    case 'notice': {
      const { at, sentAt, ...notice } = event.notice;
      return [{ table: 'notices', cells: { ...notice, made_at: at, sent_at: sentAt } }];
    }
    case 'step': {
      const { incident, cylinder, place } = event;
      const { kind, at, by, text } = event.event;
      const cells = { incident, cylinder, t: at, kind, step: place };
      return TRANSITIONS.includes(kind)
        ? [{ table: 'transitions', cells: { ...cells, cause: text } }]
        : [{ table: 'commands', cells: { ...cells, given_by: by, words: text } }];
    }
    case 'quarantined': {
      const { raw, rejections } = event.record;
      const { topic, client, receivedAt, body } = raw;
      const cells = { received_at: receivedAt, topic, client, bytes: body.length, message: messageHash(raw) };
      return rejections.map(({ cylinder, reason, detail }, index) => ({
        table: 'quarantine',
        cells: { ...cells, cylinder, reason, detail, place: String(index) },
      }));
    }
  }
};
