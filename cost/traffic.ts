import {
  GATEWAY_HEARD_S,
  PARALLEL_BATCHES,
  RECORDS_PER_TIMESTREAM_REQUEST,
  TWIN_CHANGES_PER_INCIDENT,
  TWIN_EVERY_S,
} from './assumed.ts';
import type { Plan } from './plan.ts';
import { messagesPerSecond, streamOf } from './stream.ts';

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
  twins: number;
  incidents: number;
}>;

/** What a plan makes of its cylinders' samples: messages, batches, saves. */
export const trafficOf = (plan: Plan, seconds: number = MONTH_S): Traffic => {
  const { cylinders, samplePeriodMs, edgeBatch } = plan;
  const gateways = Math.ceil(cylinders / plan.cylindersPerGateway);
  const messages = messagesPerSecond(plan) * seconds;
  const incidents = (cylinders * plan.incidents * seconds) / MONTH_S;
  const twins = (cylinders * seconds) / TWIN_EVERY_S + incidents * TWIN_CHANGES_PER_INCIDENT;
  const heardSaves = (gateways * seconds) / GATEWAY_HEARD_S;
  const all = { seconds, gateways, samples: messages * edgeBatch, messages, incidents };
  if (plan.ingest === 'direct')
    return {
      ...all,
      shards: 0,
      batches: messages,
      samplesPerBatch: edgeBatch,
      cylinderSaves: messages,
      gatewayReads: messages,
      gatewaySaves: Math.min(messages, heardSaves),
      twins: Math.min(twins, messages),
    };
  const { shards, windowMs } = streamOf(plan);
  const periodMs = Math.max(windowMs, samplePeriodMs * edgeBatch);
  const windows = (seconds * 1000) / periodMs;
  const batches = Math.min(messages, windows * shards * PARALLEL_BATCHES);
  return {
    ...all,
    shards,
    batches,
    samplesPerBatch: all.samples / batches,
    cylinderSaves: windows * cylinders,
    gatewayReads: windows * gateways * Math.min(shards * PARALLEL_BATCHES, cylinders / gateways),
    gatewaySaves: Math.min(windows * gateways, heardSaves),
    twins: Math.min(twins, windows * cylinders),
  };
};

/** How many requests write a number of samples to Timestream, and how many samples lie in each. */
export const timestreamRequests = (
  samplesPerBatch: number,
): Readonly<{ requests: number; samples: number }> => {
  const requests = Math.max(1, Math.ceil(samplesPerBatch / RECORDS_PER_TIMESTREAM_REQUEST));
  return { requests, samples: samplesPerBatch / requests };
};
