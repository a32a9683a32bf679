import { MAX_RECORD_BYTES } from '../aws/firehose/documents.ts';
import { FIREHOSE_BUFFER_S } from './assumed.ts';
import type { Plan } from './plan.ts';
import {
  LAKE_SAMPLE_BYTES,
  PARQUET_SAMPLE_BYTES,
  TIMESTREAM_SAMPLE_BYTES,
  TIMESTREAM_SHARED_BYTES,
} from './sizes.ts';
import { type Traffic, timestreamRequests } from './traffic.ts';

export type StoreCalls = Readonly<{
  timestreamRequests: number;
  /** Writes of 1 KB, as Timestream counts them: each request by itself, rounded up. */
  timestreamWrites: number;
  timestreamMemoryGbHours: number;
  timestreamMagneticGbMonths: number;
  /** Records of any number of samples; counted in steps of 5 KB. */
  firehoseRecords: number;
  firehoseGb: number;
  lakeGbMonths: number;
  lakePuts: number;
}>;

const NONE: StoreCalls = {
  timestreamRequests: 0,
  timestreamWrites: 0,
  timestreamMemoryGbHours: 0,
  timestreamMagneticGbMonths: 0,
  firehoseRecords: 0,
  firehoseGb: 0,
  lakeGbMonths: 0,
  lakePuts: 0,
};

const GB = 2 ** 30;
const FIREHOSE_STEP_BYTES = 5 * 1024;

const timestreamCalls = (plan: Plan, { batches, samples, samplesPerBatch }: Traffic): StoreCalls => {
  const request = timestreamRequests(samplesPerBatch);
  const shared = TIMESTREAM_SHARED_BYTES[plan.ingest];
  const own = TIMESTREAM_SAMPLE_BYTES - shared;
  const writes = Math.ceil((shared + request.samples * own) / 1024);
  const storedGb = (samples * TIMESTREAM_SAMPLE_BYTES) / GB;
  return {
    ...NONE,
    timestreamRequests: batches * request.requests,
    timestreamWrites: batches * request.requests * writes,
    timestreamMemoryGbHours: storedGb * plan.memoryHours,
    timestreamMagneticGbMonths: storedGb * plan.monthsKept,
  };
};

const lakeCalls = (plan: Plan, { seconds, batches, samples, samplesPerBatch }: Traffic): StoreCalls => {
  const bytes = samplesPerBatch * LAKE_SAMPLE_BYTES;
  const records = Math.ceil(bytes / MAX_RECORD_BYTES);
  const steps = Math.ceil(bytes / records / FIREHOSE_STEP_BYTES);
  return {
    ...NONE,
    firehoseRecords: batches * records,
    firehoseGb: (batches * records * steps * FIREHOSE_STEP_BYTES) / GB,
    lakeGbMonths: ((samples * PARQUET_SAMPLE_BYTES) / GB) * plan.monthsKept,
    lakePuts: Math.min(batches, seconds / FIREHOSE_BUFFER_S),
  };
};

/** What the telemetry store is asked for and holds, `seconds` of a plant long. */
export const storeCalls = (plan: Plan, traffic: Traffic): StoreCalls =>
  plan.store === 'timestream' ? timestreamCalls(plan, traffic) : lakeCalls(plan, traffic);
