import fc from 'fast-check';
import { START_MS } from '../fixture/alarm-words.ts';
import type { RuleDocument } from './arriving.ts';
import type { Line } from './line.ts';

/** What happens on the line; times in seconds of the story. */
export type Event =
  | Readonly<{ kind: 'message'; at: number; document: RuleDocument }>
  | Readonly<{ kind: 'sweep'; at: number }>
  | Readonly<{ kind: 'desire'; at: number; thing: string; desired: Readonly<Record<string, unknown>> }>;

/** Events between two moments at which everything comes to rest. */
export type Story = readonly (readonly Event[])[];

const CYLINDERS = ['c1', 'c2', 'c3'] as const;
const GATEWAY = { c1: 'g1', c2: 'g1', c3: 'g2' } as const;
type Cylinder = (typeof CYLINDERS)[number];

const at = (second: number): number => START_MS + second * 1000;

const documentOf = (topic: string, body: string | Uint8Array, second: number): RuleDocument => ({
  topic,
  body: Buffer.from(body).toString('base64'),
  receivedAt: at(second),
  client: topic.split('/')[3] ?? null,
});

/** The samples of a pattern, one a second, received at its end. */
export const messageOf = (cylinder: Cylinder, pattern: string, from: number, received: number): Event => ({
  kind: 'message',
  at: received,
  document: documentOf(
    `greengrass/ml/inference/${GATEWAY[cylinder]}/${cylinder}`,
    JSON.stringify({
      v: 1,
      boot: 'b1',
      model: 'm@1',
      samples: [...pattern].map((letter, index) => ({
        t: at(from + index),
        seq: from + index,
        probability: letter === 'A' ? 0.9 : 0.1,
        rVibration_Temp: letter === 'A' ? 60 : 48,
        wRMSCurrent: 3.4,
      })),
    }),
    received,
  ),
});

const garbage = fc.oneof(
  fc.constantFrom('', '{', 'null', '[]', '{"samples":[{}]}', '{"t":"now","probability":2}'),
  fc.uint8Array({ maxLength: 20 }),
);

type Chunk = Readonly<{
  patterns: readonly string[];
  repeated: number;
  delays: readonly number[];
  trash: readonly (string | Uint8Array)[];
  desired: Readonly<{ thing: Cylinder; desired: Readonly<Record<string, unknown>> }> | null;
}>;

const chunk: fc.Arbitrary<Chunk> = fc.record({
  patterns: fc.tuple(...CYLINDERS.map(() => fc.constantFrom('AAAAA', 'nnnnn', 'AAAAA', 'AnAnA', ''))),
  repeated: fc.nat(4),
  delays: fc.array(fc.nat(1), { minLength: 3, maxLength: 3 }),
  trash: fc.array(garbage, { maxLength: 2 }),
  desired: fc.option(
    fc.record({
      thing: fc.constantFrom(...CYLINDERS),
      desired: fc.constantFrom(
        { ack: { by: 'ana' } },
        { shelve: { by: 'ana', reason: 'x', until: at(60) } },
        { policy: { notifyFrom: 'warning' } },
        { dance: true },
      ),
    }),
    { freq: 3 },
  ),
});

const CHUNK_S = 5;

/** The messages of five seconds of the line: a little out of order, some of them twice, garbage among them. */
const eventsOf = ({ patterns, repeated, delays, trash, desired }: Chunk, from: number): readonly Event[] => {
  const messages = CYLINDERS.flatMap((cylinder, index): Event[] => {
    const pattern = patterns[index] ?? '';
    const received = from + CHUNK_S + (delays[index] ?? 0);
    const first = messageOf(cylinder, pattern.slice(0, 3), from, received);
    const second = messageOf(cylinder, pattern.slice(3), from + 3, received);
    const inOrder = pattern === '' ? [] : [first, second];
    return [
      ...(delays[index] === 1 ? inOrder.toReversed() : inOrder),
      ...(index === repeated ? inOrder : []),
    ];
  });
  return [
    ...messages,
    ...trash.map((body): Event => {
      const when = from + CHUNK_S;
      return { kind: 'message', at: when, document: documentOf('greengrass/ml/inference/g1/c1', body, when) };
    }),
    ...(desired === null ? [] : [{ kind: 'desire' as const, at: from + CHUNK_S, ...desired }]),
  ];
};

const QUIET_S = 400;

/** How long after its last message a stretch is swept: at once, when what was waited for is stale, when silence is told. */
const SWEPT_AFTER_S = [2, 45, 80] as const;

/** A few stretches of a line's life, each with a sweep at its end, and a last word of every cylinder long after. */
export const stories: fc.Arbitrary<Story> = fc
  .array(
    fc.record({
      chunks: fc.array(chunk, { minLength: 1, maxLength: 4 }),
      sweptAfter: fc.constantFrom(...SWEPT_AFTER_S),
    }),
    { minLength: 1, maxLength: 2 },
  )
  .map((stretches) => {
    let from = 0;
    const story: Event[][] = [];
    for (const { chunks, sweptAfter } of stretches) {
      const events: Event[] = [];
      const wishes: Event[] = [];
      for (const one of chunks) {
        for (const event of eventsOf(one, from)) (event.kind === 'desire' ? wishes : events).push(event);
        from += CHUNK_S;
      }
      // What a person asks for and what the clock brings has its place between messages: where it is, all is at rest.
      story.push(events, ...wishes.map((wish) => [{ ...wish, at: from + 1 }]));
      from += sweptAfter;
      story.push([{ kind: 'sweep', at: from }]);
    }
    const last = CYLINDERS.map((cylinder) =>
      messageOf(cylinder, 'nnnnnnnnnn', from + QUIET_S, from + QUIET_S + 10),
    );
    return [...story, last];
  });

/** Puts back the dead letters, and what becomes one again, until there is none; says how many it were. */
export const redriveAll = async (line: Line): Promise<number> => {
  let redriven = 0;
  for (let count = await line.redrive(); count > 0; count = await line.redrive()) {
    redriven += count;
    await line.settle();
  }
  return redriven;
};

/** Lets a story happen on a line. After each of its stretches everything comes to rest, and `afterStretch` is done. */
export const play = async (
  line: Line,
  clock: Readonly<{ reach(ms: number): void }>,
  story: Story,
  afterStretch: (line: Line) => Promise<unknown> = redriveAll,
): Promise<void> => {
  for (const events of story) {
    for (const event of events) {
      clock.reach(at(event.at));
      if (event.kind === 'message') line.publish(event.document);
      if (event.kind === 'sweep') line.sweep(at(event.at));
      if (event.kind === 'desire') line.desire(event.thing, event.desired, at(event.at));
      await line.work(1);
    }
    await line.settle();
    await afterStretch(line);
  }
};
