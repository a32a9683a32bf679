import { MAX_RECORDS } from '../aws/timestream/record.ts';
import {
  eventBytes,
  HEARTBEAT_SAVED_EVERY_S,
  PARALLEL_BATCHES,
  recordBytes,
  SHARD_FILL,
  TWIN_CHANGES_PER_INCIDENT,
  TWIN_EVERY_S,
} from './assumed.ts';
import type { Plan } from './plan.ts';

/** A month of thirty days. */
export const MONTH_S = 30 * 86_400;

/** How much there is to do in `seconds`, before anything is called because of it. */
export type Traffic = Readonly<{
  seconds: number;
  gateways: number;
  samples: number;
  messages: number;
  shards: number;
  /** Invocations of `store`, and as many of `watch`. */
  batches: number;
  samplesPerBatch: number;
  /** A cylinder's state is read and saved once for each batch that has messages of it. */
  cylinderSaves: number;
  /** A gateway's is read as often, and saved when that is some time ago. */
  gatewayReads: number;
  gatewaySaves: number;
  /** Of the twins those with which something changes that people act upon: the others are told by the state alone. */
  twinChanges: number;
  twins: number;
  incidents: number;
}>;

/** What a plan makes of its cylinders' samples: messages, batches, saves. */
export const trafficOf = (plan: Plan, seconds: number = MONTH_S): Traffic => {
  const { cylinders, samplePeriodMs, edgeBatch } = plan;
  const gateways = Math.ceil(cylinders / plan.cylindersPerGateway);
  const messages = messagesPerSecond(plan) * seconds;
  const incidents = (cylinders * plan.incidents * seconds) / MONTH_S;
  const twinChanges = incidents * TWIN_CHANGES_PER_INCIDENT;
  const twins = (cylinders * seconds) / TWIN_EVERY_S + twinChanges;
  const heartbeatSaves = (gateways * seconds) / HEARTBEAT_SAVED_EVERY_S;
  const all = { seconds, gateways, samples: messages * edgeBatch, messages, incidents };
  if (plan.ingest === 'direct')
    return {
      ...all,
      shards: 0,
      batches: messages,
      samplesPerBatch: edgeBatch,
      cylinderSaves: messages,
      gatewayReads: messages,
      gatewaySaves: Math.min(messages, heartbeatSaves),
      twins: Math.min(twins, messages),
      twinChanges: Math.min(twinChanges, messages),
    };
  const { shards, windowMs } = streamOf(plan);
  const periodMs = Math.max(windowMs, samplePeriodMs * edgeBatch);
  const windows = (seconds * 1000) / periodMs;
  const batches = Math.min(messages, windows * shards * PARALLEL_BATCHES);
  const gatewayReads = windows * gateways * Math.min(shards * PARALLEL_BATCHES, cylinders / gateways);
  return {
    ...all,
    shards,
    batches,
    samplesPerBatch: all.samples / batches,
    cylinderSaves: windows * cylinders,
    gatewayReads,
    gatewaySaves: Math.min(gatewayReads, heartbeatSaves),
    twins: Math.min(twins, windows * cylinders),
    twinChanges: Math.min(twinChanges, windows * cylinders),
  };
};

/** How many requests write a number of samples to Timestream, and how many samples lie in each. */
export const timestreamRequests = (
  samplesPerBatch: number,
): Readonly<{ requests: number; samples: number }> => {
  const requests = Math.max(1, Math.ceil(samplesPerBatch / MAX_RECORDS));
  return { requests, samples: samplesPerBatch / requests };
};

/** What one shard takes: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
const SHARD_BYTES_PER_SECOND = 1_048_576;
const SHARD_RECORDS_PER_SECOND = 1000;

/** A batch ends with the first of: its window, this many records, an event of 6 MB. */
export const BATCH_RECORDS = 10_000;
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
