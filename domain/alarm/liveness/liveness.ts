import type { Policy } from '../policy/policy.ts';
import { isInMaintenance } from '../state/fold-context.ts';
import type { AlarmOutput, LivenessNotice } from '../state/output.ts';
import type { CylinderState, Liveness, Offline } from '../state/state.ts';

/** Whose silence it is: a gateway's, or that of one cylinder, under the gateway that its OFFLINE names. */
export type Subject = Readonly<{ gateway: string; cylinder?: string }>;

export type LivenessChange = Readonly<{ liveness: Liveness; outputs: readonly LivenessNotice[] }>;

/** How many OFFLINE are remembered: the third within `flapping.withinMs` is told as flapping. */
const REMEMBERED_OFFLINE = 2;

const noticeOf = (
  subject: Subject,
  type: 'OFFLINE' | 'ONLINE',
  { lastHeardAt, flapping }: Offline,
  at: number,
): LivenessNotice => {
  const { gateway, cylinder } = subject;
  const name = cylinder === undefined ? gateway : `${gateway}/${cylinder}`;
  return {
    kind: 'notice',
    ...subject,
    id: `${name}@${lastHeardAt}#${type === 'OFFLINE' ? 1 : 2}`,
    type,
    ...(flapping && type === 'OFFLINE' ? { flapping } : {}),
    at,
  };
};

const answer = (subject: Subject, liveness: Liveness, offline: Offline, now: number): LivenessChange => ({
  liveness: { ...liveness, offline: null },
  outputs: [noticeOf(subject, 'ONLINE', offline, now)],
});

/** The liveness of what was heard at `now`, later than ever before; what was told of its silence stays. */
export const livenessHeard = (before: Liveness | null, now: number, { staleAfterMs }: Policy): Liveness => {
  if (before === null) return { lastHeardAt: now, heardSince: now, offline: null, offlineTimes: [] };
  const { lastHeardAt, heardSince, offline, offlineTimes } = before;
  const isPaused = now - lastHeardAt >= staleAfterMs;
  return { lastHeardAt: now, heardSince: isPaused ? now : heardSince, offline, offlineTimes };
};

/** Something was heard; at a time that is not later than the last it changes nothing. ONLINE is told at once unless it flaps. */
export const recordHeard = (
  subject: Subject,
  before: Liveness | null,
  now: number,
  policy: Policy,
): LivenessChange => {
  if (before !== null && now <= before.lastHeardAt) return { liveness: before, outputs: [] };
  const heard = livenessHeard(before, now, policy);
  const { offline } = heard;
  if (offline === null) return { liveness: heard, outputs: [] };
  if (!offline.flapping) return answer(subject, heard, offline, now);
  const heardAgainAt = offline.heardAgainAt ?? now;
  return { liveness: { ...heard, offline: { ...offline, heardAgainAt } }, outputs: [] };
};

/** Whether what flaps has been heard since its OFFLINE for long enough without a pause, and is heard still. */
const isSteady = (liveness: Liveness, { heardAgainAt }: Offline, now: number, policy: Policy): boolean =>
  heardAgainAt !== null &&
  now - liveness.lastHeardAt < policy.staleAfterMs &&
  liveness.lastHeardAt - Math.max(heardAgainAt, liveness.heardSince) >= policy.reopenWithinMs;

const DAY_MS = 86_400_000;

/**
 * When a tick has to look at one that is offline, ms: for the ONLINE of a flapping one, at once where it is steady and
 * else when it would be silent; otherwise at the end of the day, only so that it is not forgotten.
 */
export const offlineDueAt = (liveness: Liveness, now: number, policy: Policy): number => {
  const { offline, lastHeardAt } = liveness;
  const endOfDay = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  if (offline === null || !offline.flapping || offline.heardAgainAt === null) return endOfDay;
  if (isSteady(liveness, offline, now, policy)) return now;
  const silentAt = lastHeardAt + policy.staleAfterMs;
  return silentAt > now ? silentAt : endOfDay;
};

/** Whether any of the times was told by a clock that was wrong, as a tick at `now` would find. */
export const isAheadOf = (now: number, times: readonly (number | null)[], policy: Policy): boolean =>
  times.some((time) => time !== null && time - now > policy.futureToleranceMs);

/** What a tick tells: OFFLINE where it is silent, or the ONLINE that a flapping one waits for. */
export const tickLiveness = (
  subject: Subject,
  liveness: Liveness,
  isSilent: boolean,
  now: number,
  policy: Policy,
): LivenessChange => {
  const { offline, offlineTimes, lastHeardAt } = liveness;
  if (offline !== null) {
    const isBack = offline.flapping && isSteady(liveness, offline, now, policy);
    return isBack ? answer(subject, liveness, offline, now) : { liveness, outputs: [] };
  }
  if (!isSilent) return { liveness, outputs: [] };
  const before = offlineTimes.at(-REMEMBERED_OFFLINE);
  const flapping = before !== undefined && now - before <= policy.flapping.withinMs;
  const told: Offline = { lastHeardAt, flapping, heardAgainAt: null };
  return {
    liveness: {
      ...liveness,
      offline: told,
      offlineTimes: [...offlineTimes, now].slice(-REMEMBERED_OFFLINE),
    },
    outputs: [noticeOf(subject, 'OFFLINE', told, now)],
  };
};

/** A time that is further ahead of a tick than tolerated was told by a wrong clock, and is that of the tick. */
export const correctedTime = (time: number, now: number, { futureToleranceMs }: Policy): number =>
  time - now > futureToleranceMs ? now : time;

/** The times of liveness as a tick corrects them; what was named by them keeps its name. */
export const correctLiveness = (liveness: Liveness, now: number, policy: Policy): Liveness => {
  const { lastHeardAt, heardSince, offline } = liveness;
  const heardAgainAt = offline?.heardAgainAt ?? null;
  if (!isAheadOf(now, [lastHeardAt, heardSince, heardAgainAt], policy)) return liveness;
  return {
    ...liveness,
    lastHeardAt: correctedTime(lastHeardAt, now, policy),
    heardSince: correctedTime(heardSince, now, policy),
    offline:
      offline === null || heardAgainAt === null
        ? offline
        : { ...offline, heardAgainAt: correctedTime(heardAgainAt, now, policy) },
  };
};

/** What is remembered of one gateway. */
export type GatewayState = Liveness;

type GatewayFold = Readonly<{ state: GatewayState; outputs: readonly AlarmOutput[] }>;

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
