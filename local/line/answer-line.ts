import * as v from 'valibot';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { IncidentQuestion, LineStatus } from '../../usecases/ports/line-view.ts';
import { readLineTopic } from './line-topic.ts';

export type LineAnswers = Readonly<{
  now: () => number;
  status(): Promise<LineStatus>;
  incidents(question: IncidentQuestion): Promise<readonly IncidentRecord[]>;
  publish(topic: string, payload: string): Promise<void>;
}>;

const question = v.object({
  cylinder: v.nullish(v.string(), null),
  sinceMs: v.nullish(v.number(), null),
});

const questionIn = (body: Uint8Array): IncidentQuestion => {
  try {
    return v.parse(question, JSON.parse(Buffer.from(body).toString('utf8')));
  } catch {
    return { cylinder: null, sinceMs: null };
  }
};

/** Answers who asks over the broker how the line stands; other topics it ignores. */
export const answerLine =
  ({ now, status, incidents, publish }: LineAnswers) =>
  async (topic: string, body: Uint8Array): Promise<void> => {
    const asking = readLineTopic(topic);
    if (asking === null) return;
    const answer =
      asking.what === 'status'
        ? await status()
        : { now: now(), incidents: await incidents(questionIn(body)) };
    await publish(asking.answer, JSON.stringify(answer));
  };
