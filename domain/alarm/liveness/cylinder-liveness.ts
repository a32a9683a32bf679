import type { Policy } from '../policy/policy.ts';
import { type FoldContext, isInMaintenance } from '../state/fold-context.ts';
import type { AlarmOutput } from '../state/output.ts';
import type { CylinderState, Liveness } from '../state/state.ts';
import { tickJudging } from './judging.ts';
import { correctedTime, correctLiveness, livenessHeard, recordHeard, tickLiveness } from './liveness.ts';

/** A sample of the cylinder was received, be it taken, late, repeated or quarantined. */
export const recordSample = (context: FoldContext, gateway: string): void => {
  const { state, now, rules, cylinder } = context;
  const before = state.liveness;
  // All samples of a message come at one time: the first of them says it.
  if (before !== null && now <= before.lastHeardAt) return;
  if (before === null || before.offline === null) {
    state.liveness = livenessHeard(before, now, rules.policy);
    state.offlineGateway = null;
  } else {
    const subject = { cylinder, gateway: state.offlineGateway ?? gateway };
    const { liveness, outputs } = recordHeard(subject, before, now, rules.policy);
    context.outputs.push(...outputs);
    state.liveness = liveness;
    if (liveness.offline === null) state.offlineGateway = null;
  }
  state.gateway = gateway;
  if (before === null || now - before.lastHeardAt >= rules.policy.offlineAfterMs)
    state.judging = { ...state.judging, heardAnewAt: now };
};

/** At a tick, before anything else: times too far ahead of it were told by a wrong clock. */
export const correctTimes = ({ state, now, rules: { policy } }: FoldContext): void => {
  const { lastSeenAt, liveness, judging } = state;
  const corrected = (time: number | null) => (time === null ? null : correctedTime(time, now, policy));
  state.lastSeenAt = corrected(lastSeenAt);
  if (liveness !== null) state.liveness = correctLiveness(liveness, now, policy);
  const judgedAt = corrected(judging.judgedAt);
  const heardAnewAt = corrected(judging.heardAnewAt);
  if (judgedAt !== judging.judgedAt || heardAnewAt !== judging.heardAnewAt)
    state.judging = { ...judging, judgedAt, heardAnewAt };
};

/** Whether its gateway has been heard without a pause for `offlineAfterMs` since the cylinder was, and is heard still. */
const isLeftOut = (
  { lastHeardAt }: Liveness,
  gateway: Liveness | null,
  now: number,
  policy: Policy,
): boolean => {
  if (gateway === null || now - gateway.lastHeardAt >= policy.staleAfterMs) return false;
  return gateway.lastHeardAt - Math.max(lastHeardAt, gateway.heardSince) >= policy.offlineAfterMs;
};

/**
 * What a tick tells of whether a cylinder is heard, and judged, after all cylinders and gateways were ticked: OFFLINE
 * or ONLINE, then UNWATCHED. `gateway` is the one that it was last heard through.
 */
export const tickCylinder = (
  cylinder: string,
  state: CylinderState,
  gateway: Liveness | null,
  now: number,
  policy: Policy,
): Readonly<{ state: CylinderState; outputs: readonly AlarmOutput[] }> => {
  const { liveness } = state;
  if (liveness === null || state.gateway === null) return { state, outputs: [] };
  const isSilent = !isInMaintenance(state, now) && isLeftOut(liveness, gateway, now, policy);
  const subject = { cylinder, gateway: state.offlineGateway ?? state.gateway };
  const heard = tickLiveness(subject, liveness, isSilent, now, policy);
  const offlineGateway = heard.liveness.offline === null ? null : subject.gateway;
  const ticked = heard.liveness === liveness ? state : { ...state, liveness: heard.liveness, offlineGateway };
  const judged = tickJudging(cylinder, ticked, now, policy);
  return { state: judged.state, outputs: [...heard.outputs, ...judged.outputs] };
};
