import type { Sample } from '../message/sample.ts';
import { isAhead } from '../message/split-ahead.ts';
import type { Command } from './commands/command.ts';
import { foldCommand } from './commands/fold-command.ts';
import { evaluateDue, evaluateStale, receive } from './evaluate.ts';
import { reconcileNotices } from './notices/reconcile-notices.ts';
import type { Policy } from './policy/policy.ts';
import { type FoldContext, openContext } from './state/fold-context.ts';
import type { AlarmOutput } from './state/output.ts';
import type { CylinderState, Incident, Slot } from './state/state.ts';

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
  const { state, rules } = context;
  const slot = Math.floor(sample.t / state.samplePeriodMs);
  state.gateway = sample.gateway;
  if (state.evaluatedSlot !== null && slot <= state.evaluatedSlot) {
    state.lateSamples += 1;
    context.outputs.push({ kind: 'late', cylinder: context.cylinder, t: sample.t });
  } else {
    const idleValue = rules.idleIndex === null ? null : (sample.values[rules.idleIndex] ?? null);
    const running = idleValue === null || idleValue >= rules.idleBelow;
    receive(context, { slot, abnormal: sample.probability >= rules.policy.threshold, running });
  }
  evaluateDue(context);
};

const notifyOnline = (context: FoldContext): void => {
  const { silence } = context.state;
  if (silence === null || context.now <= silence.lastSeenAt) return;
  context.outputs.push({
    kind: 'notice',
    cylinder: context.cylinder,
    gateway: silence.gateway,
    id: `${silence.gateway}/${context.cylinder}@${silence.lastSeenAt}#2`,
    type: 'ONLINE',
    at: context.now,
  });
  context.state.silence = null;
};

const takeSamples = (context: FoldContext, samples: readonly Sample[]): void => {
  const { state, now, rules } = context;
  evaluateStale(context);
  for (const sample of samples) {
    if (isAhead(sample.t, now, rules.policy.futureToleranceMs)) {
      context.outputs.push({ kind: 'quarantine', cylinder: context.cylinder, t: sample.t });
      continue;
    }
    notifyOnline(context);
    state.lastSeenAt = Math.max(now, state.lastSeenAt ?? now);
    takeSample(context, sample);
  }
};

const tick = (context: FoldContext): void => {
  evaluateStale(context);
  reconcileNotices(context);
  context.state.evaluatedSinceTick = 0;
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
