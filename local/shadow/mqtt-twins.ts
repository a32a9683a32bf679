import mqtt from 'mqtt';
import * as v from 'valibot';
import type { TwinClient } from '../../usecases/ports/twin-client.ts';

const answer = v.object({
  state: v.optional(
    v.object({
      reported: v.optional(v.record(v.string(), v.unknown())),
      desired: v.optional(v.record(v.string(), v.unknown())),
    }),
  ),
  timestamp: v.optional(v.number()),
  code: v.optional(v.number()),
  message: v.optional(v.string()),
});

type Answer = v.InferOutput<typeof answer>;

/** Somebody who waits for an answer: what takes a message, and who hears that none will come. */
type Waiting = Readonly<{
  take: (topic: string, payload: Uint8Array) => void;
  reject: (error: unknown) => void;
}>;

const TIMEOUT_MS = 10_000;

const read = (payload: Uint8Array): Answer => {
  const parsed = v.safeParse(answer, JSON.parse(Buffer.from(payload).toString('utf8')));
  return parsed.success ? parsed.output : {};
};

/** The twins of a line at a broker, over AWS's own shadow topics. Rejects with one line that says what to do. */
export const connectTwins = async (url: string): Promise<TwinClient> => {
  const client = await mqtt
    .connectAsync(url, { reconnectPeriod: 0, connectTimeout: TIMEOUT_MS })
    .catch((cause: unknown) => {
      throw new Error(`no broker at ${url}: start one with npm start, or name another with --to`, { cause });
    });
  const waiting = new Set<Waiting>();
  const fail = (error: unknown): void => {
    for (const { reject } of waiting) reject(error);
  };
  // What these throw would end the process: it has to reach whoever waits.
  client.on('message', (topic, payload) => {
    for (const { take, reject } of [...waiting]) {
      try {
        take(topic, payload);
      } catch (error) {
        reject(error);
      }
    }
  });
  client.on('error', fail);
  client.on('close', () => fail(new Error(`the broker at ${url} closed the connection`)));

  /** Publishes, and waits for the first message on one of the topics that `pick` makes something of. */
  const ask = async <T>(
    topics: readonly string[],
    publish: Readonly<{ topic: string; payload: string }>,
    pick: (topic: string, message: Answer) => T | undefined,
  ): Promise<T> => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
    const take = (topic: string, payload: Uint8Array): void => {
      if (!topics.includes(topic)) return;
      const picked = pick(topic, read(payload));
      if (picked !== undefined) resolve(picked);
    };
    const one: Waiting = { take, reject };
    waiting.add(one);
    const send = async (): Promise<void> => {
      await client.subscribeAsync([...topics], { qos: 1 });
      await client.publishAsync(publish.topic, publish.payload, { qos: 1 });
    };
    try {
      const [picked] = await Promise.all([promise, send()]);
      return picked;
    } finally {
      clearTimeout(timer);
      waiting.delete(one);
    }
  };

  const prefixOf = (cylinder: string): string => `$aws/things/${cylinder}/shadow/name/twin`;
  const get: TwinClient['get'] = (cylinder) => {
    const prefix = prefixOf(cylinder);
    return ask(
      [`${prefix}/get/accepted`, `${prefix}/get/rejected`],
      { topic: `${prefix}/get`, payload: '' },
      (topic, { state, timestamp = Date.now() / 1000 }) =>
        topic.endsWith('/rejected')
          ? null
          : { reported: state?.reported ?? {}, desired: state?.desired ?? {}, now: timestamp * 1000 },
    );
  };

  return {
    get,
    desire: (cylinder, desired, isAnswer) => {
      const prefix = prefixOf(cylinder);
      return ask(
        [`${prefix}/update/rejected`, `${prefix}/update/accepted`],
        { topic: `${prefix}/update`, payload: JSON.stringify({ state: { desired } }) },
        (topic, { state, code, message }) => {
          if (topic.endsWith('/rejected'))
            throw new Error(`the twin of ${cylinder} refused the update: ${code} ${message}`);
          const reported = state?.reported;
          return reported !== undefined && isAnswer(reported) ? reported : undefined;
        },
      );
    },
    close: () => client.endAsync(),
  };
};
