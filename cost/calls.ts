import { MAX_RECORD_BYTES } from '../aws/firehose/documents.ts';
import {
  ALARMS,
  COMMANDS_PER_INCIDENT,
  CUSTOM_METRICS,
  DASHBOARDS,
  EVENT_MEMORY_HOURS,
  FIREHOSE_BUFFER_S,
  LAKE_SAMPLE_BYTES,
  messageBytes,
  messagesPerEcho,
  NOTICES_PER_INCIDENT,
  PARQUET_SAMPLE_BYTES,
  RUNS_PER_COMMAND,
  recordBytes,
  SHADOW_UPDATE_BYTES,
  STEPS_PER_INCIDENT,
  TIMESTREAM_EVENT_BYTES,
  TIMESTREAM_SAMPLE_BYTES,
  TIMESTREAM_SHARED_BYTES,
} from './assumed.ts';
import { type FunctionCalls, functionCalls, type LedgerCalls, ledgerCalls } from './function-calls.ts';
import type { Plan } from './plan.ts';
import { MONTH_S, type Traffic, timestreamRequests, trafficOf } from './traffic.ts';

type StoreCalls = Readonly<{
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

/** What happens in an incident is written by itself, and there are few of them. */
const EVENTS_PER_INCIDENT = NOTICES_PER_INCIDENT + STEPS_PER_INCIDENT;
/** Notices, transitions and commands are files of their own. */
const EVENT_TABLES = 3;

const timestreamCalls = (
  plan: Plan,
  { batches, samples, samplesPerBatch, incidents }: Traffic,
): StoreCalls => {
  const events = incidents * EVENTS_PER_INCIDENT;
  const request = timestreamRequests(samplesPerBatch);
  const shared = TIMESTREAM_SHARED_BYTES[plan.ingest];
  const own = TIMESTREAM_SAMPLE_BYTES - shared;
  const writes = Math.ceil((shared + request.samples * own) / 1024);
  const storedGb = (samples * TIMESTREAM_SAMPLE_BYTES) / GB;
  return {
    ...NONE,
    timestreamRequests: batches * request.requests + events,
    timestreamWrites: batches * request.requests * writes + events,
    timestreamMemoryGbHours:
      storedGb * plan.memoryHours + ((events * TIMESTREAM_EVENT_BYTES) / GB) * EVENT_MEMORY_HOURS,
    timestreamMagneticGbMonths: storedGb * plan.monthsKept,
  };
};

const lakeCalls = (
  plan: Plan,
  { seconds, batches, samples, samplesPerBatch, incidents }: Traffic,
): StoreCalls => {
  const events = incidents * EVENTS_PER_INCIDENT;
  const bytes = samplesPerBatch * LAKE_SAMPLE_BYTES;
  const records = Math.ceil(bytes / MAX_RECORD_BYTES);
  const steps = Math.ceil(bytes / records / FIREHOSE_STEP_BYTES);
  return {
    ...NONE,
    firehoseRecords: batches * records + events,
    firehoseGb: ((batches * records * steps + events) * FIREHOSE_STEP_BYTES) / GB,
    lakeGbMonths: ((samples * PARQUET_SAMPLE_BYTES) / GB) * plan.monthsKept,
    lakePuts:
      Math.min(batches, seconds / FIREHOSE_BUFFER_S) +
      Math.min(events, (EVENT_TABLES * seconds) / FIREHOSE_BUFFER_S),
  };
};

/** What the telemetry store is asked for and holds, `seconds` of a plant long. */
const storeCalls = (plan: Plan, traffic: Traffic): StoreCalls =>
  plan.store === 'timestream' ? timestreamCalls(plan, traffic) : lakeCalls(plan, traffic);

type IngestCalls = Readonly<{
  /** Messages that gateways publish; `iotMessages` are those that the message broker counts, in steps of 5 KB. */
  published: number;
  iotMessages: number;
  /** Messages that echoes are: one sent, one received. The nucleus subscribes to them with QoS 0, whose receipt is none. */
  echoMessages: number;
  iotConnectionMinutes: number;
  ruleTriggers: number;
  ruleActions: number;
  kinesisShardHours: number;
  /** Steps of 25 KB. */
  kinesisPutUnits: number;
}>;

type TellingCalls = Readonly<{
  /** Updates of a shadow, and the operations of 1 KB that they count as. */
  shadowUpdates: number;
  shadowOperations: number;
  snsPublishes: number;
  snsEmails: number;
  snsSms: number;
  customMetrics: number;
  alarms: number;
  dashboards: number;
}>;

/** Everything that AWS is asked for, with nothing about prices; a deployed pipeline can be counted against it. */
export type Calls = IngestCalls & LedgerCalls & StoreCalls & FunctionCalls & TellingCalls;

/** IoT Core counts messages, rules and their actions in steps of 5 KB. */
const STEP_BYTES = 5 * 1024;
const PUT_UNIT_BYTES = 25 * 1024;
/** The longest topic is 256 bytes. */
const TOPIC_BYTES = 60;

const ingestCalls = (plan: Plan, traffic: Traffic): IngestCalls => {
  const { seconds, messages, gateways, shards, twins, incidents } = traffic;
  const steps = Math.ceil((messageBytes(plan.edgeBatch) + TOPIC_BYTES) / STEP_BYTES);
  // The messages of a gateway go together, when the first of them has waited for as many samples as it takes.
  const together = messages / gateways / ((seconds * 1000) / (plan.samplePeriodMs * plan.edgeBatch));
  const echoes = (messages / together) * Math.ceil(together / messagesPerEcho(plan.edgeBatch));
  return {
    published: messages,
    iotMessages: plan.publish === 'topic' ? messages * steps : 0,
    echoMessages: plan.echo === 'on' ? 2 * echoes : 0,
    iotConnectionMinutes: (gateways * seconds) / 60,
    // The rule of `command` looks at every update of a twin, and acts on those that ask for or clear something.
    ruleTriggers: messages * steps + twins,
    ruleActions:
      messages * steps * (plan.ingest === 'direct' ? 2 : 1) +
      incidents * COMMANDS_PER_INCIDENT * RUNS_PER_COMMAND,
    kinesisShardHours: (shards * seconds) / 3600,
    kinesisPutUnits:
      plan.ingest === 'stream' ? messages * Math.ceil(recordBytes(plan.edgeBatch) / PUT_UNIT_BYTES) : 0,
  };
};

const tellingCalls = (plan: Plan, { seconds, twins, incidents }: Traffic): TellingCalls => {
  const notices = incidents * NOTICES_PER_INCIDENT;
  const updates = twins + incidents * COMMANDS_PER_INCIDENT;
  return {
    shadowUpdates: updates,
    shadowOperations: updates * Math.ceil(SHADOW_UPDATE_BYTES / 1024),
    snsPublishes: notices,
    snsEmails: notices * plan.emails,
    snsSms: notices * plan.sms,
    customMetrics: (CUSTOM_METRICS * seconds) / MONTH_S,
    alarms: (ALARMS * seconds) / MONTH_S,
    dashboards: (DASHBOARDS * seconds) / MONTH_S,
  };
};

/** Counts what a plan asks of AWS in so many seconds, a month unless said otherwise. */
export const callsOf = (plan: Plan, seconds: number = MONTH_S): Calls => {
  const traffic = trafficOf(plan, seconds);
  return {
    ...ingestCalls(plan, traffic),
    ...ledgerCalls(plan, traffic),
    ...storeCalls(plan, traffic),
    ...functionCalls(plan, traffic),
    ...tellingCalls(plan, traffic),
  };
};
