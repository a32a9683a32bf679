import type { Sample } from '../message/sample.ts';
import type { Command } from './command.ts';
import { evaluateDue, evaluateStale, receive } from './evaluate.ts';
import { obey } from './obey.ts';
import type { AlarmOutput } from './output.ts';
import type { Policy } from './policy.ts';
import type { CylinderState, Incident } from './state.ts';
import { reconcile } from './telling.ts';
import { openTurn, type Turn } from './turn.ts';

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
}>;

const takeSample = (turn: Turn, sample: Sample): void => {
  const { state, rules } = turn;
  const slot = Math.floor(sample.t / state.samplePeriodMs);
  state.gateway = sample.gateway;
  if (state.evaluatedSlot !== null && slot <= state.evaluatedSlot) {
    state.lateSamples += 1;
    turn.outputs.push({ kind: 'late', cylinder: turn.cylinder, t: sample.t });
  } else {
    const idleValue = rules.idleIndex === null ? null : (sample.values[rules.idleIndex] ?? null);
    const running = idleValue === null || idleValue >= rules.idleBelow;
    receive(turn, { slot, abnormal: sample.probability >= rules.policy.threshold, running });
  }
  evaluateDue(turn);
};

const answerSilence = (turn: Turn): void => {
  const { silence } = turn.state;
  if (silence === null || turn.now <= silence.lastSeenAt) return;
  turn.outputs.push({
    kind: 'notice',
    cylinder: turn.cylinder,
    gateway: silence.gateway,
    id: `${silence.gateway}/${turn.cylinder}@${silence.lastSeenAt}#2`,
    type: 'ONLINE',
    at: turn.now,
  });
  turn.state.silence = null;
};

const takeSamples = (turn: Turn, samples: readonly Sample[]): void => {
  const { state, now, rules } = turn;
  evaluateStale(turn);
  for (const sample of samples) {
    if (sample.t - now > rules.policy.futureToleranceMs) {
      turn.outputs.push({ kind: 'quarantine', cylinder: turn.cylinder, t: sample.t });
      continue;
    }
    answerSilence(turn);
    state.lastSeenAt = Math.max(now, state.lastSeenAt ?? now);
    takeSample(turn, sample);
  }
};

const tick = (turn: Turn): void => {
  evaluateStale(turn);
  reconcile(turn);
  turn.state.evaluatedSinceTick = 0;
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
  const turn = openTurn(cylinder, state, input.receivedAt, policy);
  switch (input.kind) {
    case 'samples':
      takeSamples(turn, input.samples);
      break;
    case 'tick':
      tick(turn);
      break;
    case 'command':
      obey(turn, input.command);
      break;
  }
  const { state: folded, outputs, replaced } = turn;
  return { state: folded, outputs, replaced };
};
