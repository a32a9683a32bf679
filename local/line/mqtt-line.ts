import { randomUUID } from 'node:crypto';
import mqtt from 'mqtt';
import * as v from 'valibot';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import { schemaOf } from '../../usecases/ledger/record-codec.ts';
import type { LineStatus, LineView } from '../../usecases/ports/line-view.ts';
import { LocalError } from '../run/local-error.ts';
import { answerTopic, askTopic, type LineAsking } from './line-topic.ts';

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
        acknowledgedBy: maybeText,
        until: maybeTime,
        by: maybeText,
        reason: maybeText,
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
      if (topic === answerTopic(token)) resolve(JSON.parse(Buffer.from(body).toString('utf8')));
    };
    const silent = new LocalError(
      'NoAnswer',
      `nobody answered at ${url} within ${TIMEOUT_MS / 1000} s: is it the broker of npm start?`,
    );
    const timer = setTimeout(() => reject(silent), TIMEOUT_MS);
    client.on('message', take);
    try {
      await client.subscribeAsync(answerTopic(token), { qos: 1 });
      await client.publishAsync(askTopic(what, token), JSON.stringify(payload), { qos: 1 });
      return await promise;
    } finally {
      clearTimeout(timer);
      client.off('message', take);
    }
  };

  return {
    status: async () => v.parse(status, await ask('status', {})),
    incidents: async (question) => v.parse(incidents, await ask('incidents', question)),
    close: () => client.endAsync(),
  };
};
