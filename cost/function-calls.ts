import { MAX_RECORD_BYTES } from '../aws/firehose/documents.ts';
import {
  COMMAND_MS,
  COMMANDS_PER_INCIDENT,
  LAMBDA_MEMORY_GB,
  LOG_BYTES,
  NOTICES_PER_INCIDENT,
  NOTIFY_MS,
  RUNS_PER_COMMAND,
  STORE_MS,
  SWEEP_EVERY_S,
  SWEEP_MS,
  TRACE_SHARE,
  TWIN_BATCH,
  TWIN_MS,
  WATCH_MS,
} from './assumed.ts';
import type { Plan } from './plan.ts';
import { LAKE_SAMPLE_BYTES } from './sizes.ts';
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
    // Each notice wakes it, and each command, which makes more known of an incident.
    notify: each(traffic.incidents * (NOTICES_PER_INCIDENT + COMMANDS_PER_INCIDENT), NOTIFY_MS),
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
