import type { Policy } from '../policy/policy.ts';
import type { AlarmOutput } from '../state/output.ts';
import type { CylinderState } from '../state/state.ts';

/** What is remembered of one gateway; times are ms by the receiver's clock. */
export type GatewayState = Readonly<{
  /** The latest time at which a message of it was received. */
  lastHeardAt: number;
  /** Since when it has been heard without a pause of `staleAfterMs` or more. */
  speakingSince: number;
  /** Its OFFLINE was told, named after this time, and not answered yet. */
  offlineSince: number | null;
}>;

export type GatewayFold = Readonly<{ state: GatewayState; outputs: readonly AlarmOutput[] }>;

const gatewayNotice = (
  gateway: string,
  lastHeardAt: number,
  type: 'OFFLINE' | 'ONLINE',
  at: number,
): AlarmOutput => ({
  kind: 'notice',
  gateway,
  id: `${gateway}@${lastHeardAt}#${type === 'OFFLINE' ? 1 : 2}`,
  type,
  at,
});

/** A message of the gateway was received, whatever was in it. */
export const recordHeartbeat = (
  gateway: string,
  state: GatewayState | null,
  now: number,
  policy: Policy,
): GatewayFold => {
  if (state === null)
    return { state: { lastHeardAt: now, speakingSince: now, offlineSince: null }, outputs: [] };
  if (now <= state.lastHeardAt) return { state, outputs: [] };
  const paused = now - state.lastHeardAt >= policy.staleAfterMs;
  const { offlineSince } = state;
  return {
    state: { lastHeardAt: now, speakingSince: paused ? now : state.speakingSince, offlineSince: null },
    outputs: offlineSince === null ? [] : [gatewayNotice(gateway, offlineSince, 'ONLINE', now)],
  };
};

export const isInMaintenance = (state: CylinderState, now: number): boolean =>
  state.maintenance !== null && now < state.maintenance.until;

/** The sweep of one gateway; `cylinders` are those whose last sample came by it. */
export const checkGateway = (
  gateway: string,
  state: GatewayState,
  cylinders: readonly CylinderState[],
  now: number,
  policy: Policy,
): GatewayFold => {
  const isSilent = now - state.lastHeardAt >= policy.offlineAfterMs;
  const isExcused = cylinders.length > 0 && cylinders.every((cylinder) => isInMaintenance(cylinder, now));
  if (!isSilent || isExcused || state.offlineSince !== null) return { state, outputs: [] };
  return {
    state: { ...state, offlineSince: state.lastHeardAt },
    outputs: [gatewayNotice(gateway, state.lastHeardAt, 'OFFLINE', now)],
  };
};

/** The sweep of one cylinder for silence, where its gateway has spoken on without it. */
export const checkCylinder = (
  cylinder: string,
  state: CylinderState,
  gateway: GatewayState,
  now: number,
  policy: Policy,
): Readonly<{ state: CylinderState; outputs: readonly AlarmOutput[] }> => {
  const { lastSeenAt } = state;
  if (
    lastSeenAt === null ||
    state.gateway === null ||
    state.silence !== null ||
    isInMaintenance(state, now)
  ) {
    return { state, outputs: [] };
  }
  const since = Math.max(lastSeenAt, gateway.speakingSince);
  const isSpeaking = now - gateway.lastHeardAt < policy.staleAfterMs;
  if (!isSpeaking || gateway.lastHeardAt - since < policy.offlineAfterMs) return { state, outputs: [] };
  return {
    state: { ...state, silence: { lastSeenAt, gateway: state.gateway } },
    outputs: [
      {
        kind: 'notice',
        cylinder,
        gateway: state.gateway,
        id: `${state.gateway}/${cylinder}@${lastSeenAt}#1`,
        type: 'OFFLINE',
        at: now,
      },
    ],
  };
};
