import { randomUUID } from 'node:crypto';
import mqtt from 'mqtt';
import * as v from 'valibot';
import { UNWATCHED_CAUSES } from '../../domain/alarm/state/output.ts';
import { parseJson } from '../../domain/fields.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { schemaOf } from '../../usecases/ledger/record-codec.ts';
import type { Concern, IncidentQuestion, LineStatus, LineView } from '../../usecases/ports/line-view.ts';
import {
  type QuarantineAnswer,
  type QuarantineQuestion,
  quarantineAnswer,
  quarantineSummary,
} from '../quarantine/answer-quarantine.ts';
import { LocalError } from '../run/local-error.ts';

/** Where a client asks how the line stands, and what becomes of incidents: the last level names the asking. */
const TOPIC = /^sentinel\/ask\/(status|incidents|quarantine)\/([\w-]{1,64})$/;

type LineAsking = Readonly<{ what: 'status' | 'incidents' | 'quarantine'; answer: string }>;

const askTopic = (what: LineAsking['what'], token: string): string => `sentinel/ask/${what}/${token}`;

const answerTopic = (token: string): string => `sentinel/answer/${token}`;

/** Reads a topic on which somebody asks; null for any other. */
export const readLineTopic = (topic: string): LineAsking | null => {
  const [, what, token = ''] = TOPIC.exec(topic) ?? [];
  return what === 'status' || what === 'incidents' || what === 'quarantine'
    ? { what, answer: answerTopic(token) }
    : null;
};

type LineAnswers = Readonly<{
  now: () => number;
  status(): Promise<LineStatus>;
  incidents(question: IncidentQuestion): Promise<readonly IncidentRecord[]>;
  quarantine(question: unknown): Promise<object>;
  publish(topic: string, payload: string): Promise<void>;
}>;

const question = v.object({
  cylinder: v.nullish(v.string(), null),
  sinceMs: v.nullish(v.number(), null),
});

const questionIn = (asked: unknown): IncidentQuestion => {
  const parsed = v.safeParse(question, asked);
  return parsed.success ? parsed.output : { cylinder: null, sinceMs: null };
};

/** Answers who asks over the broker how the line stands; other topics it ignores. */
export const answerLine =
  ({ now, status, incidents, quarantine, publish }: LineAnswers) =>
  async (topic: string, body: Uint8Array): Promise<void> => {
    const asking = readLineTopic(topic);
    if (asking === null) return;
    const asked = (): unknown => parseJson(Buffer.from(body).toString('utf8'));
    const answers = {
      status,
      incidents: async () => ({ now: now(), incidents: await incidents(questionIn(asked())) }),
      quarantine: () => quarantine(asked()),
    };
    const answer = await answers[asking.what]();
    await publish(asking.answer, JSON.stringify(answer));
  };

// A pipeline of before says less than this program asks of it, and one of later more: what is not said is not known.
const maybeText = v.nullish(v.string(), null);
const maybeTime = v.nullish(v.number(), null);
const CONCERNS = [
  'open',
  'unacknowledged',
  'shelved',
  'maintenance',
  'unwatched',
  'silent',
  'offline',
] as const satisfies readonly Concern[];

const status = schemaOf<LineStatus>()(
  v.object({
    now: v.number(),
    watched: v.number(),
    rows: v.array(
      v.object({
        kind: v.picklist(['cylinder', 'gateway']),
        name: v.string(),
        concerns: v.pipe(
          v.array(v.string()),
          v.transform((named) => CONCERNS.filter((concern) => named.includes(concern))),
        ),
        since: v.number(),
        severity: maybeText,
        incident: maybeText,
        overSince: maybeTime,
        acknowledgedBy: maybeText,
        until: maybeTime,
        by: maybeText,
        reason: maybeText,
        cause: v.fallback(v.nullish(v.picklist(UNWATCHED_CAUSES), null), null),
        lastSeenAt: maybeTime,
      }),
    ),
    quarantine: v.nullish(quarantineSummary, null),
  }),
);
const incidents = v.object({ now: v.number(), incidents: v.array(incidentCodec.nested) });

/** A line that a pipeline of one machine watches: its quarantine can be asked for as well. */
export type LocalLine = LineView &
  Readonly<{ quarantine(question: QuarantineQuestion): Promise<QuarantineAnswer> }>;

const TIMEOUT_MS = 10_000;

/** The line that a pipeline at a broker watches, asked over that broker. Rejects with one line that says what to do. */
export const connectLine = async (url: string): Promise<LocalLine> => {
  const client = await mqtt
    .connectAsync(url, { reconnectPeriod: 0, connectTimeout: TIMEOUT_MS })
    .catch((cause: unknown) => {
      throw new LocalError(
        'NoBroker',
        `no broker at ${url}: start one with npm start, or name another with --to`,
        cause,
      );
    });

  const ask = async (what: LineAsking['what'], payload: object): Promise<unknown> => {
    const token = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const take = (topic: string, body: Uint8Array): void => {
      if (topic !== answerTopic(token)) return;
      // What is thrown in a listener would end the process.
      const answer = parseJson(Buffer.from(body).toString('utf8'));
      if (answer === undefined) reject(new LocalError('NoAnswer', `the answer of ${url} is not JSON`));
      else resolve(answer);
    };
    const lost = (): void => reject(new LocalError('NoAnswer', `the broker at ${url} closed the connection`));
    const silent = new LocalError(
      'NoAnswer',
      `nobody answered at ${url} within ${TIMEOUT_MS / 1000} s: is it the broker of npm start?`,
    );
    const timer = setTimeout(() => reject(silent), TIMEOUT_MS);
    client.on('message', take).on('error', reject).on('close', lost);
    const send = async (): Promise<void> => {
      await client.subscribeAsync(answerTopic(token), { qos: 1 });
      await client.publishAsync(askTopic(what, token), JSON.stringify(payload), { qos: 1 });
    };
    try {
      const [answer] = await Promise.all([promise, send()]);
      return answer;
    } finally {
      clearTimeout(timer);
      client.off('message', take).off('error', reject).off('close', lost);
    }
  };

  const understood = <T>(schema: v.GenericSchema<unknown, T>, answer: unknown): T => {
    const parsed = v.safeParse(schema, answer);
    if (parsed.success) return parsed.output;
    const [{ message }] = parsed.issues;
    throw new LocalError(
      'NoAnswer',
      `the pipeline at ${url} is of another version, its answer cannot be understood: ${message}`,
    );
  };

  return {
    status: async () => understood(status, await ask('status', {})),
    incidents: async (question) => understood(incidents, await ask('incidents', question)),
    quarantine: async (question) => understood(quarantineAnswer, await ask('quarantine', question)),
    close: () => client.endAsync(),
  };
};
