import { DUE_KINDS } from '../aws/dynamodb/key.ts';
import { MAX_RECORD_BYTES } from '../aws/firehose/documents.ts';
import {
  COMMAND_MS,
  COMMANDS_PER_INCIDENT,
  DRIFT_STATE_BYTES,
  DRIFT_TWIN_BYTES,
  GATEWAY_ITEM_BYTES,
  INCIDENT_ITEM_BYTES,
  INDEX_ENTRY_BYTES,
  LAKE_SAMPLE_BYTES,
  LAMBDA_MEMORY_GB,
  LATEST_READ_UNITS,
  LOG_BYTES,
  NOTICE_ITEM_BYTES,
  NOTICES_PER_INCIDENT,
  NOTIFY_MS,
  RECENT_READ_UNITS,
  RUNS_PER_COMMAND,
  STATE_ITEM_BYTES,
  STEP_ITEM_BYTES,
  STEPS_PER_INCIDENT,
  STORE_MS,
  SWEEP_EVERY_S,
  SWEEP_MS,
  TRACE_SHARE,
  TWIN_BATCH,
  TWIN_ITEM_BYTES,
  TWIN_MS,
  WATCH_MS,
} from './assumed.ts';
import type { Plan } from './plan.ts';
import { type Traffic, timestreamRequests } from './traffic.ts';

export type FunctionName = 'store' | 'watch' | 'notify' | 'twin' | 'command' | 'sweep';

export type FunctionCalls = Readonly<{
  lambdaInvocations: Readonly<Record<FunctionName, number>>;
  lambdaGbSeconds: Readonly<Record<FunctionName, number>>;
  logGb: number;
  traces: number;
}>;

type Work = Readonly<{ invocations: number; ms: number }>;

const storeWork = ({ store }: Plan, { batches, messages, samplesPerBatch }: Traffic): Work => {
  const requests =
    store === 'timestream'
      ? timestreamRequests(samplesPerBatch).requests
      : Math.ceil((samplesPerBatch * LAKE_SAMPLE_BYTES) / MAX_RECORD_BYTES);
  const ms = batches * (STORE_MS.invocation + requests * STORE_MS.request) + messages * STORE_MS.message;
  return { invocations: batches, ms };
};

const watchWork = ({ batches, messages, cylinderSaves }: Traffic): Work => ({
  invocations: batches,
  ms: batches * WATCH_MS.invocation + messages * WATCH_MS.message + cylinderSaves * WATCH_MS.cylinder,
});

const twinWork = ({ twins, seconds }: Traffic): Work => {
  const invocations = Math.min(twins, Math.max(seconds / TWIN_BATCH.seconds, twins / TWIN_BATCH.items));
  return { invocations, ms: invocations * TWIN_MS.invocation + twins * TWIN_MS.update };
};

const sweepWork = (cylinders: number, { seconds }: Traffic): Work => {
  const invocations = seconds / SWEEP_EVERY_S;
  return {
    invocations,
    ms: invocations * (SWEEP_MS.invocation + cylinders * SWEEP_MS.cylinder),
  };
};

const each = (count: number, ms: number): Work => ({ invocations: count, ms: count * ms });

/** How often each function is woken, for how long, and what it says about it. */
export const functionCalls = (plan: Plan, traffic: Traffic): FunctionCalls => {
  const work: Readonly<Record<FunctionName, Work>> = {
    store: storeWork(plan, traffic),
    watch: watchWork(traffic),
    // Each notice wakes it, when it is new and when it is sent, each step, and each command, which makes more known of an incident.
    notify: each(
      traffic.incidents * (2 * NOTICES_PER_INCIDENT + STEPS_PER_INCIDENT + COMMANDS_PER_INCIDENT),
      NOTIFY_MS,
    ),
    twin: twinWork(traffic),
    command: each(traffic.incidents * COMMANDS_PER_INCIDENT * RUNS_PER_COMMAND, COMMAND_MS),
    sweep: sweepWork(plan.cylinders, traffic),
  };
  const of = (value: (work: Work) => number): Readonly<Record<FunctionName, number>> => ({
    store: value(work.store),
    watch: value(work.watch),
    notify: value(work.notify),
    twin: value(work.twin),
    command: value(work.command),
    sweep: value(work.sweep),
  });
  const counts = Object.values(work).map(({ invocations }) => invocations);
  const sampled = (count: number): number =>
    Math.min(count, traffic.seconds + Math.max(0, count - traffic.seconds) * TRACE_SHARE);
  return {
    lambdaInvocations: of(({ invocations }) => invocations),
    lambdaGbSeconds: of(({ ms }) => (ms / 1000) * LAMBDA_MEMORY_GB),
    logGb: (counts.reduce((sum, count) => sum + count, 0) * LOG_BYTES) / 2 ** 30,
    traces: plan.tracing === 'off' ? 0 : counts.reduce((sum, count) => sum + sampled(count), 0),
  };
};

export type LedgerCalls = Readonly<{
  /** Units of 1 KB on the table, twice as many within a transaction; and on its index of due times. */
  ledgerWriteUnits: number;
  ledgerIndexWriteUnits: number;
  /** Units of 4 KB. */
  ledgerReadUnits: number;
  ledgerGbMonths: number;
}>;

const units = (bytes: number): number => Math.ceil(bytes / 1024);

/** Bytes of a cylinder's state and of its twin. */
const recordBytes = ({ drift }: Pick<Plan, 'drift'>) =>
  drift === 'on'
    ? { state: STATE_ITEM_BYTES + DRIFT_STATE_BYTES, twin: TWIN_ITEM_BYTES + DRIFT_TWIN_BYTES }
    : { state: STATE_ITEM_BYTES, twin: TWIN_ITEM_BYTES };
const NOTICE = units(NOTICE_ITEM_BYTES);
const INCIDENT = units(INCIDENT_ITEM_BYTES);
const STEP = units(STEP_ITEM_BYTES);
/** In a transaction everything counts twice; leaving a place in an index and taking another are two writes. */
const TRANSACTION = 2;
const MOVE = 2;
/** Of an incident: what is due next lies hours ahead once it is silent or acknowledged, and soon when it is heard of again. */
const MOVES_PER_INCIDENT = 2;

/** What a round of the canary writes, nothing of it above 1 KB: its state with two notices, each claimed and marked, its gateway. */
export const CANARY_WRITE_UNITS = TRANSACTION * 3 + 2 * 2 + 1;
export const CANARY_READ_UNITS = 4 * LATEST_READ_UNITS;

const writeUnits = (traffic: Traffic, plan: Plan): number => {
  const { state, twin } = recordBytes(plan);
  const record = units(state) + units(twin);
  const { cylinderSaves, gatewaySaves, twinChanges, incidents } = traffic;
  const plain = (cylinderSaves - twinChanges) * units(state);
  const withTwin = twinChanges * TRANSACTION * record;
  // A notice is put down, claimed by who sends it, and marked as sent.
  const notices = incidents * NOTICES_PER_INCIDENT * (TRANSACTION * (NOTICE + INCIDENT) + 2 * NOTICE);
  const commands = incidents * COMMANDS_PER_INCIDENT * TRANSACTION * (record + INCIDENT);
  const steps = incidents * STEPS_PER_INCIDENT * TRANSACTION * STEP;
  return plain + withTwin + gatewaySaves * units(GATEWAY_ITEM_BYTES) + notices + commands + steps;
};

const readUnits = (
  { seconds, cylinderSaves, gatewayReads, gateways }: Traffic,
  cylinders: number,
): number => {
  const records = cylinders + gateways;
  const sweeps = seconds / SWEEP_EVERY_S;
  // The index is asked for what is due and for what is due too far ahead; each answer counts in steps of 4 KB.
  const partitions = DUE_KINDS.length - 1;
  const answers = partitions * Math.ceil(((records / partitions) * INDEX_ENTRY_BYTES) / 4096);
  const asked = answers + 1 + DUE_KINDS.length;
  return (cylinderSaves + gatewayReads + sweeps * (records + asked)) * RECENT_READ_UNITS;
};

/** What the ledger is asked for: a state read and written for each batch, twins and notices in transactions, the sweep. */
export const ledgerCalls = (plan: Plan, traffic: Traffic): LedgerCalls => {
  const { cylinders, incidents, monthsKept } = plan;
  const { state, twin } = recordBytes(plan);
  const kept = incidents * monthsKept * (INCIDENT_ITEM_BYTES + STEPS_PER_INCIDENT * STEP_ITEM_BYTES);
  return {
    ledgerWriteUnits: writeUnits(traffic, plan),
    ledgerIndexWriteUnits: traffic.incidents * MOVES_PER_INCIDENT * MOVE,
    ledgerReadUnits: readUnits(traffic, cylinders),
    ledgerGbMonths: (cylinders * (state + twin + kept)) / 1e9,
  };
};
