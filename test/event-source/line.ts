import type { DynamoDBRecord } from 'aws-lambda';
import * as v from 'valibot';
import { s3Answers } from '../aws/s3/server.ts';
import type { Request } from '../aws/start-server.ts';
import { kinesisRecord, ledgerRecord, type RuleDocument } from './arriving.ts';
import { asyncSource } from './async-source.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import { deployedCalls } from './deployed-functions.ts';
import { DEPLOYED } from './deployed-mappings.ts';
import { dynamoService } from './dynamo-service.ts';
import { forward } from './forward.ts';
import type { FrontDoor } from './front-door.ts';
import { FUNCTIONS, type FunctionName, functionRuntime } from './function-runtime.ts';
import type { Mishaps } from './mishap.ts';
import { redriving } from './redrive.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { snsTopic } from './sns-topic.ts';
import { type StreamSettings, streamSource } from './stream-source.ts';
import { BLANK, type Tape } from './tape.ts';

export type LinePorts = Readonly<{
  door: FrontDoor;
  clock: SimulatedClock;
  tape: Tape;
  mishaps: Mishaps;
  telemetry: Readonly<{ endpoint: string }>;
  shadows: Readonly<{ endpoint: string }>;
}>;

export type LineSettings = Readonly<{
  ingest: 'direct' | 'stream';
  /** Whether the stream of the ledger keeps the order of a transaction, which AWS does not promise (default: no). */
  transactionsInOrder?: boolean;
  /** Parts of the way that somebody has switched off. */
  off?: ReadonlySet<string>;
  /** Other settings of a source than those deployed. */
  sources?: Readonly<Partial<Record<'notify' | 'twin' | 'store' | 'watch', Partial<StreamSettings>>>>;
}>;

const fields = v.record(v.string(), v.unknown());
const shadowState = v.object({
  state: v.object({
    desired: v.optional(fields),
    reported: v.optional(fields, {}),
    delta: v.optional(fields),
  }),
});

/** More steps than any run needs that comes to an end. */
const MAX_STEPS = 20_000;

/** The deployed pipeline: real functions, event sources that behave as AWS's do, services that keep their contracts. */
export const createLine = (
  ports: LinePorts,
  { ingest, sources = {}, transactionsInOrder = false, off = new Set() }: LineSettings,
) => {
  const { door, clock, tape, mishaps, telemetry, shadows } = ports;
  const run = functionRuntime({ door, tape });
  const invoke = (name: FunctionName) => (event: unknown) => run(name, event);
  const stream = (name: keyof typeof DEPLOYED) =>
    streamSource({ ...DEPLOYED[name], ...sources[name] }, { invoke: invoke(name), clock, tape });
  const calls = (name: FunctionName) =>
    asyncSource(deployedCalls(name), { invoke: invoke(name), clock, tape });

  const streams = {
    store: stream('store'),
    watch: stream('watch'),
    notify: stream('notify'),
    twin: stream('twin'),
  };
  const direct = {
    store: calls('store'),
    watch: calls('watch'),
    command: calls('command'),
    sweep: calls('sweep'),
  };

  const onRecords = (records: readonly DynamoDBRecord[]): void => {
    const arrived = records.map((record) => ledgerRecord(record, clock.now()));
    streams.notify.put(arrived);
    streams.twin.put(arrived);
  };
  const dynamo = dynamoService({ now: clock.now, tape: transactionsInOrder ? BLANK : tape, onRecords });
  const topic = snsTopic();
  const deadLetters = deadLetterQueue();
  const objects = new Map<string, Uint8Array>();
  const s3 = s3Answers(objects);
  const shadowService = forward(shadows.endpoint);
  let published = 0;
  /** The rule hands a message over. */
  const publish = (document: RuleDocument): void => {
    if (off.has('rule')) return;
    published += 1;
    if (ingest === 'direct') {
      direct.store.send(document);
      direct.watch.send(document);
      return;
    }
    const record = kinesisRecord(document, published);
    streams.store.put([record]);
    streams.watch.put([record]);
  };
  /** The data plane of IoT: what is published there goes to the rule, all else to the shadows. */
  const dataPlane = (request: Request) => {
    const [, topic] = /^\/topics\/(.+)$/.exec(request.path) ?? [];
    if (topic === undefined) return shadowService(request);
    publish({ body: request.body.toString('base64'), topic, receivedAt: clock.now(), client: null });
    return { status: 200, body: '{}' };
  };
  door.open({
    services: {
      dynamodb: dynamo.answer,
      sns: topic.answer,
      sqs: deadLetters.answer,
      s3: (request: Request) => s3(request),
      telemetry: forward(telemetry.endpoint),
      shadows: dataPlane,
    },
    mishaps,
  });

  /** Everything that could happen next. */
  const steps = (): readonly (() => Promise<void>)[] => [
    ...Object.entries(streams).flatMap(([name, source]) =>
      off.has(name) ? [] : source.busy().map((lane) => () => source.step(lane)),
    ),
    ...Object.values(direct).flatMap((source) => (source.isBusy() ? [() => source.step()] : [])),
  ];

  let turn = 0;
  /** Takes the next of what could happen, by turns unless the tape has another go first; now and then two at once. */
  const next = async (possible: readonly (() => Promise<void>)[]): Promise<void> => {
    if (possible.length === 0) return;
    turn += 1;
    const first = (turn + tape.choose(possible.length)) % possible.length;
    const second = (first + 1) % possible.length;
    const atOnce = second !== first && tape.happens(3) ? [first, second] : [first];
    await Promise.all(atOnce.map((index) => possible[index]?.()));
  };

  const redrive = redriving({ streams, direct, run, parked: deadLetters.parked });

  return {
    run,
    dynamo,
    topic,
    parked: deadLetters.parked,
    objects,
    streams,
    direct,
    publish,
    /** The schedule wakes the sweep of `at`, ms. */
    sweep(at: number): void {
      const time = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
      direct.sweep.send({
        version: '0',
        source: 'aws.events',
        'detail-type': 'Scheduled Event',
        time,
        detail: {},
      });
    },
    /** A person sets the desired state of a twin; `receivedAt` in ms. */
    desire(thing: string, desired: Readonly<Record<string, unknown>> | null, receivedAt: number): void {
      direct.command.send({ desired, thing, receivedAt });
    },
    /** The shadow of a thing, after an update where one is given. */
    async shadow(thing: string, update?: object): Promise<v.InferOutput<typeof shadowState>['state']> {
      const url = `${shadows.endpoint}/things/${thing}/shadow?name=twin`;
      if (update !== undefined) await fetch(url, { method: 'POST', body: JSON.stringify({ state: update }) });
      const { state } = v.parse(shadowState, await (await fetch(url)).json());
      return state;
    },
    /** Some of what could happen, in any order. */
    async work(count: number): Promise<void> {
      for (let step = 0; step < count; step += 1) {
        await next(steps());
      }
    },
    /** Lets everything happen, in any order, until nothing is left. */
    async settle(): Promise<void> {
      for (let count = 0; ; count += 1) {
        const possible = steps();
        if (possible.length === 0) return;
        if (count > MAX_STEPS) throw new Error('the line does not come to rest');
        await next(possible);
      }
    },
    /** Gives back the dead letters since the last time; says how many it were. */
    redrive: () => redrive(FUNCTIONS),
  };
};

export type Line = ReturnType<typeof createLine>;
