import * as v from 'valibot';
import { readInferenceEvent } from '../../aws/iot/rule-events.ts';
import type { Kept, KeptItem } from '../../aws/kept.ts';
import type { Invoke } from '../../aws/lambda/invoke.ts';
import { readQuarantineText } from '../../aws/s3/quarantine.ts';
import { parseJson } from '../../domain/fields.ts';
import { readTopic } from '../../domain/message/topic.ts';
import type { Reading } from './read-dead-letter.ts';

/** What of all that is kept is meant; times in ms since the epoch. What is not said is not asked for. */
export type Selection = Readonly<{ reason?: string; gateway?: string; sinceMs?: number; untilMs?: number }>;

/** What something that is kept says of itself: why it is there, whose messages are in it, and when it came. */
type About = Readonly<{ reasons: readonly string[]; gateways: readonly string[]; at: number }>;

const letter = v.object({
  requestContext: v.optional(v.object({ condition: v.optional(v.string()) })),
  requestPayload: v.optional(v.unknown()),
  payload: v.optional(v.unknown()),
  topic: v.optional(v.string()),
  failures: v.optional(v.array(v.object({ failedAction: v.optional(v.string()) })), []),
});

const topicsOf = (event: unknown): readonly string[] => {
  try {
    return readInferenceEvent(event).map(({ topic }) => topic);
  } catch {
    // What functions of the ledger are woken by has no topic.
    return [];
  }
};

const gatewaysOf = (topics: readonly string[], prefix?: string): readonly string[] => [
  ...new Set(
    topics.flatMap((topic) => readTopic(topic.replace(/^\$aws\/rules\/[^/]+\//, ''), prefix)?.gateway ?? []),
  ),
];

/**
 * Reads what something kept says of itself: of a message in quarantine the reasons of its rejections; of a failed call
 * or batch the condition that Lambda gives; of a failed rule its failed actions. `prefix`: under which gateways publish.
 */
export const aboutOf = ({ text, keptAt }: Pick<KeptItem, 'text' | 'keptAt'>, prefix?: string): About => {
  const quarantined = readQuarantineText(text);
  if (quarantined !== null) {
    const { raw, rejections } = quarantined;
    const reasons = rejections.map(({ reason }) => reason);
    return { reasons, gateways: gatewaysOf([raw.topic], prefix), at: raw.receivedAt };
  }
  const parsed = v.safeParse(letter, parseJson(text));
  if (!parsed.success) return { reasons: [], gateways: [], at: keptAt };
  const { requestContext, requestPayload, payload, topic, failures } = parsed.output;
  const event = requestPayload ?? (typeof payload === 'string' ? parseJson(payload) : payload);
  return {
    reasons: [requestContext?.condition, ...failures.map(({ failedAction }) => failedAction)].flatMap(
      (reason) => reason ?? [],
    ),
    gateways: gatewaysOf(topic === undefined ? topicsOf(event) : [topic], prefix),
    at: keptAt,
  };
};

const isNamed = (wanted: string | undefined, names: readonly string[]): boolean =>
  wanted === undefined || names.some((name) => name.toLowerCase() === wanted.toLowerCase());

/** Whether it is meant: it has the reason and the gateway, if any are asked for, and came within the time. */
export const isSelected = (
  { reasons, gateways, at }: About,
  { reason, gateway, sinceMs = Number.NEGATIVE_INFINITY, untilMs = Number.POSITIVE_INFINITY }: Selection,
): boolean => isNamed(reason, reasons) && isNamed(gateway, gateways) && at >= sinceMs && at <= untilMs;

/** Where things are kept that failed, and how one of them is read. */
export type Source = Readonly<{ kept: Kept; read: (item: KeptItem) => Reading }>;

export type PutBackParts = Readonly<{
  invoke: Invoke;
  say: (line: string) => void;
  /** Ends the work after the items at hand. */
  signal: AbortSignal;
  /** How many items are put back at the same time. */
  atOnce: number;
  dryRun: boolean;
  /** How many items are put back or tried, at most; what cannot be understood does not count. */
  limit: number;
  /** Which items are meant; the others are passed by. */
  isMeant?: (item: KeptItem) => boolean;
}>;

/** What became of all items that were looked at; `left` counts them by reason, `passedBy` those that were not meant. */
export type Tally = Readonly<{
  putBack: number;
  left: ReadonlyMap<string, number>;
  stopped: boolean;
  passedBy?: number;
}>;

/** `garbage`: no repetition gets it through, unlike what failed. */
type Ending = 'put back' | Readonly<{ why: string; garbage: boolean }>;

const attempt = async (invoke: Invoke, reading: Reading): Promise<Ending> => {
  if (reading.kind === 'unknown') return { why: reading.why, garbage: true };
  for (const call of reading.calls) {
    let garbage = false;
    const refusal = (answer: unknown): string | null => {
      const why = call.refusal?.(answer) ?? null;
      garbage = why !== null;
      return why;
    };
    const why = await invoke({ ...call, refusal });
    if (why !== null) return { why, garbage };
  }
  return 'put back';
};

/** What the attempt would come to, as far as that is known before the functions are called. */
const foresee = (reading: Reading): Ending => {
  const why = reading.kind === 'unknown' ? reading.why : (reading.foreseen ?? null);
  return why === null ? 'put back' : { why, garbage: true };
};

/**
 * Puts back what the sources hold, a few at a time: each is taken away only when all its calls succeeded, so that a
 * stop at any time loses nothing and a repetition does no harm. Rejects when a service fails or access is denied.
 */
export const putBack = async (sources: readonly Source[], parts: PutBackParts): Promise<Tally> => {
  const { invoke, say, signal, atOnce, dryRun, limit, isMeant = () => true } = parts;
  const left = new Map<string, number>();
  let putBackCount = 0;
  let passedBy = 0;
  /** Of the limit: what is used up, with what is under way. */
  let used = 0;

  const treat = async ({ name, remove }: KeptItem, reading: Reading): Promise<void> => {
    const what = reading.kind === 'calls' ? `${name}: ${reading.what}` : name;
    const ending = dryRun ? foresee(reading) : await attempt(invoke, reading);
    if (ending !== 'put back') {
      const { why, garbage } = ending;
      if (garbage) used -= 1;
      left.set(why, (left.get(why) ?? 0) + 1);
      say(`${dryRun ? 'would stay' : 'left'}: ${what}: ${why}`);
      return;
    }
    if (!dryRun) await remove();
    putBackCount += 1;
    say(`${dryRun ? 'would be put back' : 'put back'}: ${what}`);
  };

  const failures: unknown[] = [];
  const isOver = (): boolean => signal.aborted || failures.length > 0 || used >= limit;

  /** Works until the items or the limit are at their end; whether there may be more of them. */
  const work = async (items: AsyncIterator<KeptItem>, read: Source['read']): Promise<boolean> => {
    try {
      while (!isOver()) {
        used += 1;
        const next = await items.next();
        if (next.done === true || signal.aborted || failures.length > 0) {
          used -= 1;
          return false;
        }
        if (isMeant(next.value)) {
          await treat(next.value, read(next.value));
        } else {
          used -= 1;
          passedBy += 1;
        }
      }
    } catch (error) {
      failures.push(error);
    }
    return !signal.aborted && failures.length === 0;
  };

  for (const { kept, read } of sources) {
    if (isOver()) break;
    const items = kept.items()[Symbol.asyncIterator]();
    // Whoever found the limit used up by what was still under way goes on where that turned out to be garbage.
    for (let more = true; more && !isOver(); ) {
      const workers = await Promise.all(Array.from({ length: atOnce }, () => work(items, read)));
      more = workers.every((mayBeMore) => mayBeMore);
    }
    await kept.close().catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
  return { putBack: putBackCount, left, stopped: signal.aborted, passedBy };
};

const MAX_REASONS = 5;

const reasonsText = (left: Tally['left']): string => {
  const byCount = [...left].sort(([, a], [, b]) => b - a);
  const told = byCount.slice(0, MAX_REASONS).map(([why, count]) => `${count} ${why}`);
  const others = byCount.slice(MAX_REASONS).reduce((sum, [, count]) => sum + count, 0);
  return [...told, ...(others === 0 ? [] : [`${others} for other reasons`])].join('; ');
};

/** What became of all that was looked at, as `3 put back, 2 left (2 still not understood)`. */
export const summary = ({ putBack, left, stopped, passedBy = 0 }: Tally, dryRun: boolean): string => {
  const leftCount = [...left.values()].reduce((sum, count) => sum + count, 0);
  const counts = dryRun
    ? `${putBack} would be put back, ${leftCount} would stay`
    : `${putBack} put back, ${leftCount} left`;
  const reasons = leftCount === 0 ? '' : ` (${reasonsText(left)})`;
  const others = passedBy === 0 ? '' : `, ${passedBy} not asked for`;
  return `${counts}${reasons}${others}${stopped ? '; stopped, the rest is where it was' : ''}`;
};
