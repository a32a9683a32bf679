import type { OraclePolicy } from './oracle-policy.ts';
import type { Cylinder, Gateway, Offline, Source, Stream } from './oracle-state.ts';

/** Section "Time and slots": *last heard*, and the last message of a gateway. */
export const lastHeard = (source: Source): number => source.hearings.at(-1)?.at ?? Number.NEGATIVE_INFINITY;

/** The gateway that a cylinder was last heard through. */
export const lastGateway = (source: Source): string => source.hearings.at(-1)?.gateway ?? '';

/** Section "Time and slots": since when it has been heard without a pause of `staleAfterMs` or more. */
const heardSince = (source: Source): number =>
  source.hearings.findLast(({ afterPause }) => afterPause)?.at ?? Number.POSITIVE_INFINITY;

/** A message of a gateway, or a sample of a cylinder, was received; at a time that is not later it changes nothing. */
const hear = (stream: Stream, source: Source, gateway: string, now: number): void => {
  const silentMs = now - lastHeard(source);
  if (silentMs <= 0) return;
  source.hearings.push({
    at: now,
    gateway,
    afterPause: silentMs >= stream.policy.staleAfterMs,
    anew: silentMs >= stream.policy.offlineAfterMs,
  });
};

const unanswered = (source: Source): Offline | undefined => source.offlines.find(({ answered }) => !answered);

const answer = (stream: Stream, offline: Offline, owner: object, now: number): void => {
  offline.answered = true;
  stream.out.push({ kind: 'notice', ...owner, id: `${offline.id}#2`, type: 'ONLINE', at: now });
};

/** Section "Silence", ONLINE at the next time it is heard; one that flaps waits for a tick. */
const answerAtOnce = (stream: Stream, source: Source, owner: (of: Offline) => object, now: number): void => {
  const offline = unanswered(source);
  if (offline === undefined || offline.flapping || source.hearings.length === offline.hearings) return;
  answer(stream, offline, owner(offline), now);
};

const ownerGateway = ({ gateway }: Offline): object => ({ gateway });
const ownerCylinder =
  (cylinder: string) =>
  ({ gateway }: Offline): object => ({ cylinder, gateway });

/** Section "Silence": a message of the gateway, whatever is in it. */
export const hearGateway = (stream: Stream, name: string, now: number): void => {
  const gateway: Gateway = stream.gateways.get(name) ?? { name, hearings: [], offlines: [] };
  stream.gateways.set(name, gateway);
  hear(stream, gateway, name, now);
  answerAtOnce(stream, gateway, ownerGateway, now);
};

/** Section "Silence": a sample of the cylinder, be it taken, late, repeated or quarantined. */
export const hearCylinder = (stream: Stream, cylinder: Cylinder, gateway: string, now: number): void => {
  hear(stream, cylinder, gateway, now);
  answerAtOnce(stream, cylinder, ownerCylinder(cylinder.name), now);
};

/** Section "Silence", flapping: heard again since that OFFLINE, for long enough without a pause, and still. */
const isSteady = (policy: OraclePolicy, source: Source, offline: Offline, now: number): boolean => {
  const again = source.hearings[offline.hearings];
  if (again === undefined || now - lastHeard(source) >= policy.staleAfterMs) return false;
  return lastHeard(source) - Math.max(again.at, heardSince(source)) >= policy.reopenWithinMs;
};

/** Section "Silence", flapping: the third OFFLINE within `flapping.withinMs`. */
const isFlapping = (policy: OraclePolicy, source: Source, now: number): boolean => {
  const before = source.offlines.at(-2);
  return before !== undefined && now - before.toldAt <= policy.flapping.withinMs;
};

const tellOffline = (
  stream: Stream,
  source: Source,
  gateway: string,
  id: string,
  owner: object,
  now: number,
): void => {
  const flapping = isFlapping(stream.policy, source, now);
  source.offlines.push({
    id,
    gateway,
    toldAt: now,
    flapping,
    hearings: source.hearings.length,
    answered: false,
  });
  const more = flapping ? { flapping } : {};
  stream.out.push({ kind: 'notice', ...owner, id: `${id}#1`, type: 'OFFLINE', ...more, at: now });
};

/** Section "Silence", at a tick: every gateway, OFFLINE or ONLINE. */
export const tickGateways = (stream: Stream, now: number): void => {
  const { policy } = stream;
  for (const gateway of stream.gateways.values()) {
    const offline = unanswered(gateway);
    if (offline !== undefined) {
      if (offline.flapping && isSteady(policy, gateway, offline, now))
        answer(stream, offline, ownerGateway(offline), now);
    } else if (now - lastHeard(gateway) >= policy.offlineAfterMs && !isExcused(stream, gateway, now)) {
      const id = `${gateway.name}@${lastHeard(gateway)}`;
      tellOffline(stream, gateway, gateway.name, id, { gateway: gateway.name }, now);
    }
  }
};

const isExcused = (stream: Stream, gateway: Gateway, now: number): boolean => {
  const its = [...stream.cylinders.values()].filter((cylinder) => lastGateway(cylinder) === gateway.name);
  return its.length > 0 && its.every((cylinder) => now < cylinder.maintenanceUntil);
};

/** Section "Silence", at a tick: every cylinder, OFFLINE or ONLINE. */
export const tickCylinders = (stream: Stream, now: number): void => {
  for (const cylinder of stream.cylinders.values()) {
    const { name } = cylinder;
    const offline = unanswered(cylinder);
    if (offline !== undefined) {
      if (offline.flapping && isSteady(stream.policy, cylinder, offline, now))
        answer(stream, offline, ownerCylinder(name)(offline), now);
    } else if (isLeftOut(stream, cylinder, now)) {
      const gateway = lastGateway(cylinder);
      const id = `${gateway}/${name}@${lastHeard(cylinder)}`;
      tellOffline(stream, cylinder, gateway, id, { cylinder: name, gateway }, now);
    }
  }
};

/** Its gateway has kept speaking for `offlineAfterMs` without it, and speaks still. */
const isLeftOut = ({ policy, gateways }: Stream, cylinder: Cylinder, now: number): boolean => {
  const gateway = gateways.get(lastGateway(cylinder));
  if (gateway === undefined || now < cylinder.maintenanceUntil) return false;
  if (now - lastHeard(gateway) >= policy.staleAfterMs) return false;
  return lastHeard(gateway) - Math.max(heardSince(gateway), lastHeard(cylinder)) >= policy.offlineAfterMs;
};

/** Section "Time and slots", at a tick before anything else: times too far ahead of it were told by a wrong clock. */
export const correctTimes = (stream: Stream, now: number): void => {
  const latest = now + stream.policy.futureToleranceMs;
  const corrected = (at: number): number => (at > latest ? now : at);
  for (const source of [...stream.cylinders.values(), ...stream.gateways.values()])
    for (const hearing of source.hearings) hearing.at = corrected(hearing.at);
  // What is kept of these is their latest: once that is set right, an earlier one of the wrong clock counts no more.
  for (const { seen, judgedAt } of stream.cylinders.values()) {
    for (const times of [seen, judgedAt])
      if (times.length > 0) times.splice(0, times.length, corrected(Math.max(...times)));
  }
};
