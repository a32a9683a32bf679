import type { Policy } from '../policy/policy.ts';
import { isInMaintenance } from '../state/fold-context.ts';
import type { AlarmOutput } from '../state/output.ts';
import type { CylinderState, Liveness } from '../state/state.ts';
import { correctLiveness, recordHeard, tickLiveness } from './liveness.ts';

/** What is remembered of one gateway. */
export type GatewayState = Liveness;

export type GatewayFold = Readonly<{ state: GatewayState; outputs: readonly AlarmOutput[] }>;

/** A message of the gateway was received, whatever was in it. */
export const recordHeartbeat = (
  gateway: string,
  state: GatewayState | null,
  now: number,
  policy: Policy,
): GatewayFold => {
  const { liveness, outputs } = recordHeard({ gateway }, state, now, policy);
  return { state: liveness, outputs };
};

/** Whether nothing has been heard of it for `offlineAfterMs`, told or not. */
export const isSilent = ({ lastHeardAt }: GatewayState, now: number, { offlineAfterMs }: Policy): boolean =>
  now - lastHeardAt >= offlineAfterMs;

/** The tick of one gateway; `cylinders` are those last heard through it, whose maintenance excuses its silence. */
export const tickGateway = (
  gateway: string,
  before: GatewayState,
  cylinders: readonly Pick<CylinderState, 'maintenance'>[],
  now: number,
  policy: Policy,
): GatewayFold => {
  const corrected = correctLiveness(before, now, policy);
  const isExcused = cylinders.length > 0 && cylinders.every((cylinder) => isInMaintenance(cylinder, now));
  const isOff = isSilent(corrected, now, policy) && !isExcused;
  const { liveness, outputs } = tickLiveness({ gateway }, corrected, isOff, now, policy);
  return { state: liveness, outputs };
};
