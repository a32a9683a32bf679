import { randomUUID } from 'node:crypto';
import mqtt from 'mqtt';
import * as v from 'valibot';
import { UNWATCHED_CAUSES } from '../../domain/alarm/state/output.ts';
import { parseJson } from '../../domain/fields.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { schemaOf } from '../../usecases/ledger/record-codec.ts';
import type { LineStatus, LineView } from '../../usecases/ports/line-view.ts';
import { LocalError } from '../run/local-error.ts';
import { answerTopic, askTopic, type LineAsking } from './answer-line.ts';

const maybeText = v.nullable(v.string());
const maybeTime = v.nullable(v.number());

const status = schemaOf<LineStatus>()(
  v.object({
    now: v.number(),
    watched: v.number(),
    rows: v.array(
      v.object({
        kind: v.picklist(['cylinder', 'gateway']),
        name: v.string(),
        concerns: v.array(
          v.picklist(['open', 'unacknowledged', 'shelved', 'maintenance', 'unwatched', 'silent', 'offline']),
        ),
        since: v.number(),
        severity: maybeText,
        incident: maybeText,
        overSince: maybeTime,
        acknowledgedBy: maybeText,
        until: maybeTime,
        by: maybeText,
        reason: maybeText,
        cause: v.nullable(v.picklist(UNWATCHED_CAUSES)),
        lastSeenAt: maybeTime,
      }),
    ),
  }),
);
const incidents = v.object({ now: v.number(), incidents: v.array(incidentCodec.nested) });

const TIMEOUT_MS = 10_000;

/** The line that a pipeline at a broker watches, asked over that broker. Rejects with one line that says what to do. */
export const connectLine = async (url: string): Promise<LineView> => {
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

  return {
    status: async () => v.parse(status, await ask('status', {})),
    incidents: async (question) => v.parse(incidents, await ask('incidents', question)),
    close: () => client.endAsync(),
  };
};
