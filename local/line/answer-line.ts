import * as v from 'valibot';
import { parseJson } from '../../domain/fields.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { IncidentQuestion, LineStatus } from '../../usecases/ports/line-view.ts';

/** Where a client asks how the line stands, and what becomes of incidents: the last level names the asking. */
const TOPIC = /^sentinel\/ask\/(status|incidents|quarantine)\/([\w-]{1,64})$/;

export type LineAsking = Readonly<{ what: 'status' | 'incidents' | 'quarantine'; answer: string }>;

export const askTopic = (what: LineAsking['what'], token: string): string => `sentinel/ask/${what}/${token}`;

export const answerTopic = (token: string): string => `sentinel/answer/${token}`;

/** Reads a topic on which somebody asks; null for any other. */
export const readLineTopic = (topic: string): LineAsking | null => {
  const [, what, token = ''] = TOPIC.exec(topic) ?? [];
  return what === 'status' || what === 'incidents' || what === 'quarantine'
    ? { what, answer: answerTopic(token) }
    : null;
};

export type LineAnswers = Readonly<{
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
