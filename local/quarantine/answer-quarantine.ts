import * as v from 'valibot';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import { type ReadingOptions, readMessage } from '../../domain/message/read-message.ts';
import { deviceOf } from './quarantine-words.ts';
import type { Quarantined, QuarantineKind, SqliteQuarantine } from './sqlite-quarantine.ts';

const maybeText = v.nullish(v.string(), null);

const question = v.object({
  what: v.picklist(['list', 'show', 'retry']),
  gateway: maybeText,
  cylinder: maybeText,
  reason: maybeText,
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)), 20),
  afterId: v.optional(v.number(), 0),
  untilId: v.nullish(v.number(), null),
});

/** What is asked of the quarantine. `retry` goes from `afterId` to `untilId`, a part for each asking. */
export type QuarantineQuestion = Readonly<v.InferInput<typeof question>>;

const kind = v.object({
  topic: v.string(),
  cylinder: maybeText,
  reason: v.string(),
  messages: v.number(),
  firstAt: v.number(),
  lastAt: v.number(),
  client: maybeText,
  detail: v.string(),
});

/** How much is in quarantine, how much was dropped for good to make room, and what for, the latest first. */
export const quarantineSummary = v.object({
  messages: v.number(),
  dropped: v.number(),
  kinds: v.array(kind),
});

const message = v.object({
  id: v.number(),
  topic: v.string(),
  receivedAt: v.number(),
  client: maybeText,
  /** How many bytes it had, and its beginning. */
  bytes: v.number(),
  text: v.string(),
  rejections: v.array(v.object({ reason: v.string(), detail: v.string() })),
});

export const quarantineAnswer = v.object({
  now: v.number(),
  ...quarantineSummary.entries,
  shown: v.optional(v.array(message), []),
  retried: v.optional(v.number(), 0),
  left: v.optional(v.number(), 0),
  lastId: v.optional(v.number(), 0),
  untilId: v.nullish(v.number(), null),
  isEnd: v.optional(v.boolean(), true),
});

export type QuarantineAnswer = v.InferOutput<typeof quarantineAnswer>;

const MAX_KINDS = 200;
const MAX_SHOWN_BYTES = 4096;
const RETRIED_AT_ONCE = 100;

/** How much is in quarantine, and what for. */
export const summaryOf = (
  quarantine: Pick<SqliteQuarantine, 'kinds' | 'count' | 'dropped'>,
  limit = MAX_KINDS,
): Readonly<{ messages: number; dropped: number; kinds: readonly QuarantineKind[] }> => ({
  messages: quarantine.count(),
  dropped: quarantine.dropped(),
  kinds: quarantine.kinds(limit),
});

type Selection = Pick<v.InferOutput<typeof question>, 'gateway' | 'cylinder' | 'reason'>;

const isMeant =
  ({ gateway, cylinder, reason }: Selection) =>
  ({ raw: { topic }, rejections }: Quarantined): boolean =>
    rejections.some((one) => {
      const device = deviceOf({ topic, cylinder: one.cylinder });
      return (
        (gateway === null || device.gateway === gateway) &&
        (cylinder === null || device.cylinder === cylinder) &&
        (reason === null || one.reason === reason)
      );
    });

const shownOf = ({ id, raw, rejections }: Quarantined): v.InferOutput<typeof message> => ({
  id,
  topic: raw.topic,
  receivedAt: raw.receivedAt,
  client: raw.client,
  bytes: raw.body.byteLength,
  text: Buffer.from(raw.body.subarray(0, MAX_SHOWN_BYTES)).toString('utf8'),
  rejections: rejections.map(({ reason, detail }) => ({ reason, detail })),
});

type Ports = Readonly<{
  quarantine: SqliteQuarantine;
  now: () => number;
  /** Takes a message in again; absent where nothing runs. */
  take?: (message: RawMessage) => Promise<void>;
  reading?: ReadingOptions | undefined;
}>;

/** Answers what is asked of the quarantine. Messages that are tried again and not understood go back there. */
export const answerQuarantine =
  ({ quarantine, now, take, reading }: Ports) =>
  async (asked: unknown): Promise<QuarantineAnswer> => {
    const parsed = v.safeParse(question, asked);
    const { what, limit, afterId, untilId, ...selection } = parsed.success
      ? parsed.output
      : v.parse(question, { what: 'list' });
    const nothing = { shown: [], retried: 0, left: 0, lastId: 0, untilId: null, isEnd: true };
    const answer = (more: Partial<QuarantineAnswer>): QuarantineAnswer => {
      const { messages, dropped, kinds } = summaryOf(quarantine);
      return { now: now(), messages, dropped, kinds: [...kinds], ...nothing, ...more };
    };
    if (what === 'show') {
      const found = quarantine.list(limit, isMeant(selection));
      return answer({ shown: found.map(shownOf) });
    }
    if (what === 'list' || take === undefined) return answer({});
    const until = untilId ?? quarantine.list(1)[0]?.id ?? 0;
    const page = quarantine.after(afterId, RETRIED_AT_ONCE).filter(({ id }) => id <= until);
    // What this program does not understand at all stays where it is; of the rest the stores decide.
    const given = page
      .filter(isMeant(selection))
      .map(({ id, raw }) => ({ id, before: raw, raw: { ...raw, receivedAt: now() } }));
    const tried = given.filter(({ raw }) => readMessage(raw, reading).samples.length > 0);
    await Promise.all(tried.map(({ raw }) => take(raw)));
    quarantine.remove(
      tried.filter(({ raw, before }) => raw.receivedAt !== before.receivedAt).map(({ id }) => id),
    );
    const retried = tried.filter(({ raw }) => !quarantine.has(raw)).length;
    const lastId = page.at(-1)?.id ?? until;
    return answer({
      retried,
      left: given.length - retried,
      lastId,
      untilId: until,
      isEnd: page.length < RETRIED_AT_ONCE || lastId >= until,
    });
  };
