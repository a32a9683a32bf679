import { type Cylinder, cylinderOf, type Gateway, type Stream } from './oracle-state.ts';

/** Section "Silence", a gateway: a message of it was received. */
export const recordHeartbeat = (stream: Stream, name: string, now: number): void => {
  const gateway = stream.gateways.get(name);
  if (gateway === undefined) {
    stream.gateways.set(name, { name, lastSeen: now, since: now, offline: null });
    return;
  }
  if (now <= gateway.lastSeen) return;
  if (now - gateway.lastSeen >= stream.policy.staleAfterMs) gateway.since = now;
  gateway.lastSeen = now;
  if (gateway.offline === null) return;
  stream.out.push({ kind: 'notice', gateway: name, id: `${gateway.offline.id}#2`, type: 'ONLINE', at: now });
  gateway.offline = null;
};

/** Section "Silence", one cylinder: a sample of it was received, be it late or repeated. */
export const hearCylinder = (stream: Stream, cylinder: Cylinder, gateway: string, now: number): void => {
  cylinder.gateway = gateway;
  if (cylinder.lastSeen !== null && now <= cylinder.lastSeen) return;
  cylinder.lastSeen = now;
  if (cylinder.offline === null) return;
  const told = cylinder.offline;
  cylinder.offline = null;
  stream.out.push({
    kind: 'notice',
    cylinder: cylinder.name,
    gateway: told.gateway,
    id: `${told.id}#2`,
    type: 'ONLINE',
    at: now,
  });
};

/** Section "Silence", at a tick: every gateway that has fallen silent. */
export const tellSilentGateways = (stream: Stream, now: number): void => {
  for (const gateway of stream.gateways.values()) {
    if (gateway.offline !== null || now - gateway.lastSeen < stream.policy.offlineAfterMs) continue;
    if (isAllInMaintenance(stream, gateway, now)) continue;
    gateway.offline = { id: `${gateway.name}@${gateway.lastSeen}` };
    const id = `${gateway.offline.id}#1`;
    stream.out.push({ kind: 'notice', gateway: gateway.name, id, type: 'OFFLINE', at: now });
  }
};

const isAllInMaintenance = (stream: Stream, gateway: Gateway, now: number): boolean => {
  const cylinders = [...stream.cylinders.values()].filter((cylinder) => cylinder.gateway === gateway.name);
  return cylinders.length > 0 && cylinders.every((cylinder) => now < cylinder.maintenanceUntil);
};

/** Section "Silence", at a tick: every cylinder that has fallen silent while its gateway kept speaking. */
export const tellSilentCylinders = (stream: Stream, now: number): void => {
  for (const name of stream.cylinders.keys()) {
    const cylinder = cylinderOf(stream, name);
    if (cylinder.offline !== null || cylinder.gateway === null || cylinder.lastSeen === null) continue;
    if (now < cylinder.maintenanceUntil) continue;
    const gateway = stream.gateways.get(cylinder.gateway);
    if (gateway === undefined || now - gateway.lastSeen >= stream.policy.staleAfterMs) continue;
    const spokenSince = Math.max(gateway.since, cylinder.lastSeen);
    if (gateway.lastSeen - spokenSince < stream.policy.offlineAfterMs) continue;
    const id = `${gateway.name}/${name}@${cylinder.lastSeen}`;
    cylinder.offline = { id, gateway: gateway.name };
    stream.out.push({
      kind: 'notice',
      cylinder: name,
      gateway: gateway.name,
      id: `${id}#1`,
      type: 'OFFLINE',
      at: now,
    });
  }
};
