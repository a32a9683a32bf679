import { readBatchAnswer } from './batch-answer.ts';
import { type FailedBatch, failedBatch, type GiveUp } from './failed-batch.ts';
import { passes } from './filter-pattern.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { Tape } from './tape.ts';

/** How a function is fed from a stream: the properties of an AWS::Lambda::EventSourceMapping, times in ms. */
export type StreamSettings = Readonly<{
  source: 'aws:kinesis' | 'aws:dynamodb';
  functionName: string;
  batchSize: number;
  parallelizationFactor: number;
  reportsItemFailures: boolean;
  bisects: boolean;
  /** -1: until it expires, as in AWS. */
  maximumRetryAttempts: number;
  maximumRecordAgeMs: number;
  patterns: readonly unknown[];
}>;

/**
 * A record of a stream. Those of one shard are handed over one batch after the other; where several batches of a shard
 * are under way at once, only those of one `lane` are: in Kinesis the partition key, in DynamoDB the single item.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html ("in-order processing at the item level")
 */
export type StreamRecord = Readonly<{
  sequence: string;
  shard: string;
  lane: string;
  arrivedAt: number;
  record: unknown;
}>;

export type StreamPorts = Readonly<{
  /** Calls the function; rejects when it throws or dies. */
  invoke(event: unknown): Promise<unknown>;
  clock: SimulatedClock;
  tape: Tape;
}>;

/** A batch under way: how often it failed as it is, and how often anything of it was handed over. */
type Batch = Readonly<{ records: readonly StreamRecord[]; retries: number; invocations: number }>;

type Lane = { name: string; waiting: StreamRecord[]; batches: Batch[] };

export type StreamSource = Readonly<{
  put(records: readonly StreamRecord[]): void;
  /** Lanes in which there is something to hand over. */
  busy(): readonly string[];
  /** Hands over the next batch of a lane. */
  step(lane: string): Promise<void>;
  failed(): readonly FailedBatch[];
}>;

// How long it waits between tries is nowhere said.
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60_000;

const fresh = (records: readonly StreamRecord[], invocations: number): Batch => ({
  records,
  retries: 0,
  invocations,
});

/**
 * A stream as Lambda reads it. Whatever AWS leaves open is the tape's choice: how full a batch is, when a lane goes on,
 * whether a batch that was done with comes once more, how one whose first record failed is cut.
 */
export const streamSource = (
  settings: StreamSettings,
  { invoke, clock, tape }: StreamPorts,
): StreamSource => {
  const lanes = new Map<string, Lane>();
  const failed: FailedBatch[] = [];

  const giveUp = (records: readonly StreamRecord[], condition: GiveUp, invocations: number): void => {
    const [first] = records;
    if (first === undefined) return;
    failed.push(
      failedBatch({
        ...settings,
        shard: first.shard,
        condition,
        invocations,
        now: clock.now(),
        number: failed.length + 1,
        sequences: records.map(({ sequence }) => sequence),
        event: { Records: records.map(({ record }) => record) },
      }),
    );
  };

  const isTooOld = ({ arrivedAt }: StreamRecord): boolean =>
    settings.maximumRecordAgeMs >= 0 && clock.now() - arrivedAt > settings.maximumRecordAgeMs;

  const again = ({ records, retries, invocations }: Batch): readonly Batch[] => {
    clock.advance(tape.happens(4) ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** retries));
    if (settings.maximumRetryAttempts < 0 || retries < settings.maximumRetryAttempts)
      return [{ records, retries: retries + 1, invocations }];
    giveUp(records, 'RetryAttemptsExhausted', invocations);
    return [];
  };

  /** The halves of a batch come one after the other; cutting it costs no retry. */
  const afterFailure = (batch: Batch): readonly Batch[] => {
    const { records, invocations } = batch;
    if (!settings.bisects || records.length < 2) return again(batch);
    const middle = Math.ceil(records.length / 2);
    return [fresh(records.slice(0, middle), invocations), fresh(records.slice(middle), invocations)];
  };

  /** The cut is where the failure was reported; whether AWS halves what fails at its first record is not said. */
  const afterPartialFailure = (batch: Batch, index: number): readonly Batch[] => {
    if (index > 0) return [fresh(batch.records.slice(index), batch.invocations)];
    return tape.choose(2) === 0 ? afterFailure(batch) : again(batch);
  };

  const handOver = async (batch: Batch): Promise<readonly Batch[]> => {
    const { records } = batch;
    const invoked = { ...batch, invocations: batch.invocations + 1 };
    let answer: unknown;
    try {
      answer = await invoke({ Records: records.map(({ record }) => record) });
    } catch {
      return afterFailure(invoked);
    }
    const sequences = records.map(({ sequence }) => sequence);
    const outcome = settings.reportsItemFailures
      ? readBatchAnswer(answer, sequences)
      : { kind: 'done' as const };
    if (outcome.kind === 'failed-from') return afterPartialFailure(invoked, outcome.index);
    // Delivery is at least once: the service may die before it notes how far it came.
    return tape.happens(8) ? [invoked] : [];
  };

  const laneNamed = (name: string): Lane => {
    const lane = lanes.get(name) ?? { name, waiting: [], batches: [] };
    lanes.set(name, lane);
    return lane;
  };

  return {
    put(records) {
      for (const record of records) {
        if (!passes(record.record, settings.patterns)) continue;
        const { shard, lane } = record;
        laneNamed(settings.parallelizationFactor > 1 ? `${shard}/${lane}` : shard).waiting.push(record);
      }
    },
    busy: () =>
      [...lanes.values()]
        .filter(({ waiting, batches }) => waiting.length + batches.length > 0)
        .map(({ name }) => name),
    async step(name) {
      const lane = laneNamed(name);
      const most = Math.min(settings.batchSize, lane.waiting.length);
      const next = lane.batches.shift() ?? fresh(lane.waiting.splice(0, most - tape.choose(most)), 0);
      giveUp(next.records.filter(isTooOld), 'RecordAgeExceeded', next.invocations);
      const records = next.records.filter((record) => !isTooOld(record));
      if (records.length > 0) lane.batches.unshift(...(await handOver({ ...next, records })));
    },
    failed: () => failed,
  };
};
