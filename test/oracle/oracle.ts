import * as v from 'valibot';
import { readPayload } from '../../domain/message/read-message.ts';
import { takeCommand } from './oracle-commands.ts';
import { correctTimes, tickCylinders, tickGateways } from './oracle-liveness.ts';
import { takeMessage } from './oracle-message.ts';
import { reconcile } from './oracle-notices.ts';
import { takePeriod } from './oracle-period.ts';
import { policySchema } from './oracle-policy.ts';
import { evaluateIfStale, isEmptyingQueue } from './oracle-slots.ts';
import type { Stream } from './oracle-state.ts';
import { tickUnwatched } from './oracle-unwatched.ts';

const receivedAt = v.number();
const lineSchema = v.union([
  v.object({ receivedAt, topic: v.string(), payload: v.unknown() }),
  v.object({ receivedAt, tick: v.literal(true) }),
  v.object({ receivedAt, cylinder: v.string(), command: v.record(v.string(), v.unknown()) }),
  v.object({ receivedAt, policy: policySchema }),
  v.object({ policy: policySchema, seed: v.number() }),
]);
type Line = v.InferOutput<typeof lineSchema>;

/** The rules of the alarm a second time, slow and plain: what `sentinel replay` must print for these input lines. */
export const replayOracle = (lines: readonly object[]): object[] => {
  const out: object[] = [];
  let stream: Stream | null = null;
  for (const raw of lines) {
    const line = v.parse(lineSchema, raw);
    if ('seed' in line) {
      out.push({ kind: 'begin', seed: line.seed });
      stream = { policy: line.policy, cylinders: new Map(), gateways: new Map(), out };
    } else if (stream === null) {
      throw new Error('the input does not begin with the policy of a stream');
    } else {
      takeLine(stream, line);
    }
  }
  return out;
};

const takeLine = (stream: Stream, line: Exclude<Line, { seed: number }>): void => {
  if ('topic' in line) takeMessage(stream, readPayload(line.topic, line.payload), line.receivedAt);
  else if ('tick' in line) sweep(stream, line.receivedAt);
  else if ('command' in line) takeCommand(stream, line.cylinder, line.command, line.receivedAt);
  else stream.policy = line.policy;
};

/** Section "What people are told", its last sentence: the order in which a tick goes on. */
const sweep = (stream: Stream, now: number): void => {
  correctTimes(stream, now);
  for (const cylinder of stream.cylinders.values()) {
    takePeriod(stream, cylinder, now);
    evaluateIfStale(stream, cylinder, now);
    if (!isEmptyingQueue(stream, cylinder, now)) reconcile(stream, cylinder, now);
    cylinder.evaluatedAtTick = cylinder.evaluated.length;
  }
  tickGateways(stream, now);
  tickCylinders(stream, now);
  tickUnwatched(stream, now);
};
