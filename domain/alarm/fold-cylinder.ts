import { isAhead } from '../message/rejection.ts';
import type { Sample } from '../message/sample.ts';
import type { Command } from './commands/command.ts';
import { foldCommand } from './commands/fold-command.ts';
import { interrupt } from './condition/incident.ts';
import { evaluateDue, evaluateStale, receive } from './evaluate.ts';
import { correctTimes, recordSample } from './liveness/cylinder-liveness.ts';
import { noteUnjudged } from './liveness/judging.ts';
import { notifyRecovered, reconcileNotices } from './notices/reconcile-notices.ts';
import type { Policy } from './policy/policy.ts';
import { type FoldContext, isEvaluated, openContext } from './state/fold-context.ts';
import type { AlarmOutput } from './state/output.ts';
import { emptyWindow } from './state/slot-window.ts';
import type { CylinderState, Incident, Slot } from './state/state.ts';

/**
 * Begins slots, window, condition and warm-up afresh where the policy has a new sample period, before anything else of
 * an input. What people were told of is told RECOVERED at once, what they were not told of is dropped; evaluation goes
 * on after the last slot evaluated, so that no slot is judged twice.
 */
const beginPeriod = (context: FoldContext): void => {
  const { state, rules } = context;
  const { samplePeriodMs } = rules.policy;
  if (state.samplePeriodMs === samplePeriodMs) return;
  interrupt(context, 'policy');
  notifyRecovered(context);
  state.unnotified = null;
  state.samplePeriodMs = samplePeriodMs;
  state.pendingSteps = [];
  state.highestSlot = null;
  state.receivedSlot = null;
  state.window = emptyWindow(rules.windowSlots);
};

/** One input of one cylinder, as it was first received: `receivedAt` in ms by the receiver's clock. */
export type CylinderInput =
  | Readonly<{ kind: 'samples'; receivedAt: number; samples: readonly Sample[] }>
  | Readonly<{ kind: 'tick'; receivedAt: number }>
  | Readonly<{ kind: 'command'; receivedAt: number; command: Command }>;

export type CylinderFold = Readonly<{
  state: CylinderState;
  outputs: readonly AlarmOutput[];
  /** Incidents that ended and were followed by another within this input, as they were then. */
  replaced: readonly Incident[];
  /** The received slots that were evaluated within this input, each once ever, in order. */
  evaluated: readonly Slot[];
}>;

const takeSample = (context: FoldContext, sample: Sample): void => {
  const { state, rules, now } = context;
  const slot = Math.floor(sample.t / state.samplePeriodMs);
  state.lastSeenAt = Math.max(now, state.lastSeenAt ?? now);
  if (isEvaluated(context, slot)) {
    state.lateSamples += 1;
    noteUnjudged(context, 'late');
    context.outputs.push({ kind: 'late', cylinder: context.cylinder, t: sample.t });
  } else {
    const idleValue = rules.idleIndex === null ? null : (sample.values[rules.idleIndex] ?? null);
    const running = idleValue === null || idleValue >= rules.idleBelow;
    receive(context, slot, sample.probability >= rules.policy.threshold, running);
  }
  evaluateDue(context);
};

const takeSamples = (context: FoldContext, samples: readonly Sample[]): void => {
  const { now, rules } = context;
  evaluateStale(context);
  for (const sample of samples) {
    recordSample(context, sample.gateway);
    if (!isAhead(sample.t, now, rules.policy.futureToleranceMs)) {
      takeSample(context, sample);
      continue;
    }
    noteUnjudged(context, 'ahead');
    context.outputs.push({ kind: 'quarantine', cylinder: context.cylinder, t: sample.t });
  }
};

const tick = (context: FoldContext): void => {
  evaluateStale(context);
  reconcileNotices(context);
  context.state.evaluatedMsSinceTick = 0;
};

/**
 * The alarm of one cylinder: folds one input into its state and says what happened. Pure: the state handed in stays as
 * it is. `state` is null for a cylinder that was never seen.
 */
export const foldCylinder = (
  cylinder: string,
  state: CylinderState | null,
  input: CylinderInput,
  policy: Policy,
): CylinderFold => {
  const context = openContext(cylinder, state, input.receivedAt, policy);
  if (input.kind === 'tick') correctTimes(context);
  beginPeriod(context);
  switch (input.kind) {
    case 'samples':
      takeSamples(context, input.samples);
      break;
    case 'tick':
      tick(context);
      break;
    case 'command':
      foldCommand(context, input.command);
      break;
  }
  const { state: folded, outputs, replaced, evaluated } = context;
  return { state: folded, outputs, replaced, evaluated };
};
