import { isDeepStrictEqual } from 'node:util';
import { bareLine, byFamily, type Line } from '../local/run/notified-lines.ts';
import { replayOracle } from '../oracle/oracle.ts';
import { isOfSoak, type SentLine, type SentSample } from './sent-line.ts';

/** A sample as it lies in the store, by whose it is. */
export type StoredSample = Readonly<{ cylinder: string; seq: number; t: number; probability: number }>;

/** What a soak left, read without the product. */
export type Left = Readonly<{
  /** The samples of the line, sorted by cylinder and number. */
  stored: AsyncIterable<StoredSample> | Iterable<StoredSample>;
  /** Which samples of the line lie in quarantine, as `cylinder seq`. */
  quarantined: ReadonlySet<string>;
  /** What standard output was told, in its order. */
  told: readonly Line[];
  /** What standard error left in doubt: it may have been told before a kill. */
  doubtful: readonly Line[];
}>;

/** How many there were, and what is wrong with them: nothing, if all held. */
export type Verdict = Readonly<{
  samples: number;
  quarantined: number;
  notices: number;
  inDoubt: number;
  faults: readonly string[];
}>;

const MOST_FAULTS = 20;

const faultList = () => {
  const faults: string[] = [];
  let more = 0;
  return {
    add: (fault: string): void => {
      if (faults.length < MOST_FAULTS) faults.push(fault);
      else more += 1;
    },
    all: (): readonly string[] => (more === 0 ? faults : [...faults, `and ${more} more`]),
  };
};
type Faults = ReturnType<typeof faultList>;

const nameOf = (cylinder: string, seq: number): string => `${cylinder} ${seq}`;

/** Each sample that was sent is stored once, as it was sent; what was ahead of the clock is in quarantine instead. */
const judgeSamples = async (line: SentLine, { stored, quarantined }: Left, faults: Faults) => {
  let [count, ahead] = [0, 0];
  const waiting = new Map<number, SentSample>();
  const seen = new Set<number>();
  let cylinders = line.cylinders;
  const finish = (cylinder: string): void => {
    for (const { seq } of waiting.values()) faults.add(`lost: sample ${nameOf(cylinder, seq)} is not stored`);
  };
  const begin = (): string | undefined => {
    const [cylinder, ...others] = cylinders;
    cylinders = others;
    waiting.clear();
    seen.clear();
    if (cylinder === undefined) return undefined;
    for (const sample of line.samplesOf(cylinder).flat()) {
      if (!sample.isAhead) waiting.set(sample.seq, sample);
      else {
        ahead += 1;
        if (!quarantined.has(nameOf(cylinder, sample.seq)))
          faults.add(
            `lost: sample ${nameOf(cylinder, sample.seq)}, ahead of the clock, is not in quarantine`,
          );
      }
    }
    return cylinder;
  };
  let current = begin();
  for await (const { cylinder, seq, t, probability } of stored) {
    while (current !== undefined && current < cylinder) {
      finish(current);
      current = begin();
    }
    const sent = waiting.get(seq);
    waiting.delete(seq);
    if (cylinder !== current) faults.add(`sample ${nameOf(cylinder, seq)} was never sent`);
    else if (sent !== undefined) {
      count += 1;
      seen.add(seq);
      if (sent.t !== t || sent.probability !== probability)
        faults.add(`sample ${nameOf(cylinder, seq)} is not as it was sent`);
    } else
      faults.add(`sample ${nameOf(cylinder, seq)} ${seen.has(seq) ? 'is stored twice' : 'was never sent'}`);
  }
  while (current !== undefined) {
    finish(current);
    current = begin();
  }
  return { count, ahead };
};

/** What people had to be told of a cylinder, by the second model of the alarm. */
const expectedOf = (line: SentLine, cylinder: string, policy: object, receivedAt: number): readonly Line[] =>
  replayOracle([
    { policy, seed: 0 },
    ...line.messagesOf(cylinder).map(({ topic, payload }) => ({
      receivedAt,
      topic,
      payload: JSON.parse(payload),
    })),
  ]).map((output) => ({ ...output }));

const judgeNotices = (
  line: SentLine,
  { told, doubtful }: Left,
  { policy, receivedAt, onJudged }: Rules,
  faults: Faults,
) => {
  const actual = byFamily(told.filter(({ cylinder }) => isOfSoak(cylinder)));
  const isInDoubt = new Set(doubtful.map((one) => JSON.stringify(bareLine(one))));
  let [notices, inDoubt] = [0, 0];
  for (const [index, cylinder] of line.cylinders.entries()) {
    const expected = byFamily(expectedOf(line, cylinder, policy, receivedAt));
    for (const family of [`${cylinder} notices`, `${cylinder} states`]) {
      const got = actual.get(family) ?? [];
      const onOutput = new Set(got.map((one) => JSON.stringify(one)));
      const isTold = (one: Line): boolean => onOutput.has(JSON.stringify(one));
      const wanted = expected.get(family) ?? [];
      const missing = wanted.filter((one) => !isTold(one));
      const certain = wanted.filter((one) => isTold(one) || !isInDoubt.has(JSON.stringify(one)));
      inDoubt += wanted.length - certain.length;
      if (family.endsWith('notices')) notices += wanted.length;
      if (isDeepStrictEqual(got, certain)) continue;
      for (const one of missing)
        if (certain.includes(one)) faults.add(`lost: ${JSON.stringify(one)} was not told`);
      for (const [at, one] of got.entries())
        if (got.findIndex((other) => isDeepStrictEqual(other, one)) < at)
          faults.add(`told twice: ${JSON.stringify(one)}`);
      faults.add(`${family}: ${got.length} told, ${certain.length} expected`);
    }
    onJudged(index);
  }
  return { notices, inDoubt };
};

type Rules = Readonly<{
  policy: object;
  /** A time by which nothing was ahead but what was meant to be, ms. */
  receivedAt: number;
  onJudged: (index: number) => void;
}>;

/** Compares what was left with what was sent. */
export const judge = async (line: SentLine, left: Left, rules: Rules): Promise<Verdict> => {
  const faults = faultList();
  const { count, ahead } = await judgeSamples(line, left, faults);
  const { notices, inDoubt } = judgeNotices(line, left, rules, faults);
  return { samples: count, quarantined: ahead, notices, inDoubt, faults: faults.all() };
};
