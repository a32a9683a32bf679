import { setTimeout as delay } from 'node:timers/promises';
import mqtt from 'mqtt';
import * as v from 'valibot';
import { NOTICE_TOPIC } from '../../../local/access/access-rules.ts';
import { traffic } from '../traffic.ts';
import { answer } from './answer.ts';

/** A line in real time: every cylinder takes a sample a second, and sends them some at a time. */
const options = v.object({
  port: v.number(),
  connections: v.number(),
  cylinders: v.number(),
  samplesPerMessage: v.number(),
  fromSecond: v.number(),
});
const { port, connections, ...line } = v.parse(options, JSON.parse(process.argv[2] ?? ''));

const TICK_MS = 20;
const messagesPerMs = line.cylinders / line.samplesPerMessage / 1000;
// The samples of the first message are taken by now.
const messages = traffic({
  ...line,
  startMs: Date.now() - (line.fromSecond + line.samplesPerMessage) * 1000,
});
const clients = await Promise.all(
  Array.from({ length: connections }, (_, index) =>
    mqtt.connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: `line-${index}`, reconnectPeriod: 0 }),
  ),
);

const lastSentMs = new Map<string, number>();
let acknowledgedAfterMs: number[] = [];
let noticedAfterMs: number[] = [];
const listener = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
listener.on('message', (topic) => {
  const sentMs = lastSentMs.get(topic.split('/').at(-1) ?? '');
  if (sentMs !== undefined) noticedAfterMs.push(performance.now() - sentMs);
});
await listener.subscribeAsync(`${NOTICE_TOPIC}/#`, { qos: 1 });

let sent = 0;
let acknowledged = 0;
const send = (): void => {
  const { topic, payload } = messages.next().value;
  const sentMs = performance.now();
  lastSentMs.set(topic.split('/').at(-1) ?? '', sentMs);
  clients[sent % connections]?.publish(topic, payload, { qos: 1 }, (error) => {
    // Without an answer the bench gives up waiting.
    if (error) throw error;
    acknowledged += 1;
    acknowledgedAfterMs.push(performance.now() - sentMs);
  });
  sent += 1;
};

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
const spread = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  return { count: sorted.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99), max: at(sorted, 1) };
};

/** Sends for so many seconds, waits until all is acknowledged, and says how long each message and each notice took, ms. */
const sendFor = async (seconds: number) => {
  acknowledgedAfterMs = [];
  noticedAfterMs = [];
  const [startMs, before] = [performance.now(), sent];
  for (let elapsedMs = 0; elapsedMs < seconds * 1000; elapsedMs = performance.now() - startMs) {
    while (sent - before < elapsedMs * messagesPerMs) send();
    await delay(TICK_MS);
  }
  const behind = sent - acknowledged;
  while (acknowledged < sent) await delay(TICK_MS);
  return {
    messages: sent - before,
    behind,
    acks: spread(acknowledgedAfterMs),
    notices: spread(noticedAfterMs),
  };
};

answer({ sendFor: (seconds) => sendFor(v.parse(v.number(), seconds)) });
