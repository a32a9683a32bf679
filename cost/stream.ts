import { PARALLEL_BATCHES, SHARD_FILL } from './assumed.ts';
import type { Plan } from './plan.ts';
import { eventBytes, recordBytes } from './sizes.ts';

/** What one shard takes: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const SHARD_BYTES_PER_SECOND = 1_048_576;
const SHARD_RECORDS_PER_SECOND = 1000;

/** A batch ends with the first of: its window, this many records, an event of 6 MB. */
const BATCH_RECORDS = 10_000;
const EVENT_BYTES = 6 * 1_048_576;

/** A stream as it has to be: its shards, and the window that a batch really holds, ms. */
export type Stream = Readonly<{ shards: number; windowMs: number }>;

/** Messages of the whole plant in a second. */
export const messagesPerSecond = ({ cylinders, samplePeriodMs, edgeBatch }: Plan): number =>
  (cylinders * 1000) / (samplePeriodMs * edgeBatch);

/** The shards that a plan's messages need, or those it names, and the window that its batches hold with them. */
export const streamOf = (plan: Plan): Stream => {
  const perSecond = messagesPerSecond(plan);
  const shards =
    plan.shards ??
    Math.max(
      1,
      Math.ceil((perSecond * recordBytes(plan.edgeBatch)) / (SHARD_BYTES_PER_SECOND * SHARD_FILL)),
      Math.ceil(perSecond / (SHARD_RECORDS_PER_SECOND * SHARD_FILL)),
    );
  const batchRecords = Math.min(BATCH_RECORDS, Math.floor(EVENT_BYTES / eventBytes(plan.edgeBatch)));
  const fullAfterMs = (batchRecords * shards * PARALLEL_BATCHES * 1000) / perSecond;
  return { shards, windowMs: Math.min(plan.windowMs, fullAfterMs) };
};
