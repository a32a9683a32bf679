import type { DatabaseSync } from 'node:sqlite';
import type { SavedQuery } from '../../analysis/saved-queries.ts';
import { sqliteCourse } from '../../local/ledger/sqlite-history.ts';
import type { StoredEvent } from '../../usecases/ports/event-store.ts';
import type { SentNotice } from '../../usecases/ports/notification-log.ts';

const of = (name: string, order: string): SavedQuery => ({
  name,
  summary: '',
  columns: [],
  text: `SELECT * FROM ${name} ORDER BY ${order}`,
});

/** The views of what happened, as texts that are asked of each store. */
export const EVENT_VIEWS = [
  of('notices_asked', 'made_at, id'),
  of('offline_asked', 'made_at'),
  of('transitions_asked', 't, kind'),
  of('commands_asked', 't, kind, words'),
  of('quarantine_asked', 'received_at'),
];

/** What happened in the known hour from T on, ms: as the stores of AWS are given it, and as a ledger on one machine has it. */
export const knownEvents = (T: number, incident: string) => {
  const notice = (more: Partial<SentNotice>): SentNotice => ({
    id: `${incident}#1`,
    type: 'RAISED',
    cylinder: 'cyl-01',
    gateway: null,
    incident,
    at: T + 701_000,
    channel: 'sns',
    sentAt: T + 702_500,
    error: null,
    ...more,
  });
  const notices = [
    notice({}),
    notice({ id: `${incident}#2`, type: 'ESCALATED', at: T + 730_000, sentAt: T + 731_000 }),
    // Within the minute of which there are no samples.
    notice({
      id: `line-3@${T + 300_000}!1`,
      type: 'OFFLINE',
      cylinder: null,
      gateway: 'line-3',
      incident: null,
      at: T + 330_000,
      sentAt: T + 331_000,
    }),
    notice({
      id: `cyl-02@${T + 301_000}!1`,
      type: 'OFFLINE',
      cylinder: 'cyl-02',
      gateway: 'line-3',
      incident: null,
      at: T + 332_000,
      sentAt: T + 333_000,
    }),
    notice({ id: `${incident}#3`, type: 'RECOVERED', at: T + 900_000, sentAt: T + 900_000 }),
  ];
  const step = (
    kind: 'raised' | 'escalated' | 'acknowledged' | 'cleared' | 'refused' | 'closed',
    at: number,
    by: string | null = null,
    text: string | null = null,
  ) => ({ kind, at, by, text, channel: null });
  const steps = [
    step('raised', T + 700_000),
    step('escalated', T + 730_000, null, 'warning'),
    step('acknowledged', T + 760_000, 'Kim', "it's on my way"),
    step('cleared', T + 900_000),
    // Answered in one millisecond, in one change.
    step('refused', T + 950_000, 'Lee', 'it is closed'),
    step('refused', T + 950_000, 'Lee', 'it is no longer open'),
    step('closed', T + 950_000, 'Kim', 'rod seal replaced'),
  ];
  const raw = {
    topic: 'greengrass/ml/inference/line-3/cyl-02',
    body: Buffer.from('{"probability":"high"}'),
    receivedAt: T + 1_000_000,
    client: 'line-3',
  };
  const rejections = [0, 1].map((index) => ({
    reason: 'probability' as const,
    detail: 'probability is no number',
    index,
    cylinder: 'cyl-02',
    t: null,
  }));
  const unread = { ...raw, topic: 'greengrass/ml/inference/line-3', receivedAt: T + 1_100_000 };
  const quarantined = [
    { raw, rejections },
    {
      raw: unread,
      rejections: [
        { reason: 'not-json' as const, detail: 'it ends early', index: null, cylinder: null, t: null },
      ],
    },
  ];
  const events: readonly StoredEvent[] = [
    ...notices.map((sent) => ({ kind: 'notice' as const, notice: sent })),
    ...steps.map((event, index) => ({
      kind: 'step' as const,
      cylinder: 'cyl-01',
      incident,
      event,
      place: `12.${index}`,
    })),
    ...quarantined.map((record) => ({ kind: 'quarantined' as const, record })),
  ];

  const fillLedger = (ledger: DatabaseSync): void => {
    const insert = ledger.prepare(
      'INSERT INTO sent_notices (subject, id, channel, type, cylinder, gateway, incident, at, sent_at) VALUES (?,?,?,?,?,?,?,?,?)',
    );
    for (const { id, channel, type, cylinder, gateway, incident: of, at, sentAt } of notices)
      insert.run('x', id, channel, type, cylinder, gateway, of, at, sentAt);
    const course = sqliteCourse(ledger);
    for (const event of steps) course.put('cyl-01', { incident, event });
    const put = ledger.prepare(
      'INSERT INTO quarantine (hash, topic, body, received_at, client, rejections) VALUES (?,?,?,?,?,?)',
    );
    for (const [index, { raw: of, rejections: reasons }] of quarantined.entries())
      put.run(new Uint8Array([index]), of.topic, of.body, of.receivedAt, of.client, JSON.stringify(reasons));
  };
  return { events, fillLedger };
};
