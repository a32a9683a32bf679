import { AT, type SparkplugMapping } from '../../../domain/mapping/connections.ts';
import type { Mapping } from '../../../domain/mapping/mapping.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import { isName, nameFault } from '../../../domain/message/topic.ts';
import { createHeldSamples, type HeldSamples } from '../held-samples.ts';
import { mappedSamples } from '../mapped-samples.ts';
import type { OnSourceEvent, SourceSample } from '../source.ts';
import { bdSeqOf, type EdgeNode, learn, newEdgeNode, rebear } from './edge-node.ts';
import { type Metric, type Payload, signed } from './sparkplug-payload.ts';

export type HostParts = Readonly<{
  mapping: Mapping;
  sparkplug: SparkplugMapping;
  now: () => number;
  onEvent: OnSourceEvent;
  /** Asks an edge node to tell all of itself again. */
  askRebirth(group: string, node: string): void;
}>;

type Cylinder = Readonly<{ held: HeldSamples; names: ReadonlyMap<string, readonly string[]> }>;
const ASK_AGAIN_MS = 10_000;
const GOOD = 192;
const CLOCK_OFF_MS = 60_000;

/** What edge nodes of Sparkplug B say, as samples. Sparkplug 3.0, 5 and 6. */
export const createSparkplugHost = (parts: HostParts) => {
  const { mapping, sparkplug, now, onEvent } = parts;
  const periodMs = mapping.periodMs ?? 1000;
  const isByArrival = mapping.time?.arrival === true;
  const source = sparkplug.broker;
  const samplesOf = mappedSamples(mapping, { source, onEvent, deviceOf: (cylinder) => cylinder });
  const nodes = new Map<string, EdgeNode>();
  const cylinders = new Map<string, ReadonlyMap<string, Cylinder>>();
  const clocksTold = new Set<string>();
  const tell = (reason: string, message: string): void =>
    onEvent({ kind: 'bad-line', source, reason, message });

  const rules = SENSORS.flatMap((sensor) => {
    const rule = mapping.sensors[sensor];
    return rule === undefined ? [] : [rule.from, ...(rule.quality === undefined ? [] : [rule.quality.from])];
  });
  const cylinderAt = (at: string): Cylinder => ({
    held: createHeldSamples(periodMs),
    names: Map.groupBy(new Set(rules), (from) => from.replaceAll(AT, at)),
  });
  /** The cylinders that a device, or a node by itself, is. */
  const cylindersOf = (node: string, device: string, place: string): ReadonlyMap<string, Cylinder> => {
    const known = cylinders.get(place);
    if (known !== undefined) return known;
    const made = new Map<string, Cylinder>();
    cylinders.set(place, made);
    if (sparkplug.devices !== undefined) {
      for (const one of sparkplug.devices)
        if (one.node === node && (one.device ?? '') === device)
          made.set(one.cylinder, cylinderAt(one.at ?? ''));
      return made;
    }
    const own = device === '' ? node : device;
    const name = mapping.cylinder?.names?.[own] ?? mapping.cylinder?.name ?? own;
    if (isName(name)) made.set(name, cylinderAt(''));
    else tell('cylinder', `${place} ${nameFault(name)}: name its cylinder in sparkplug.devices`);
    return made;
  };

  const ask = (group: string, node: string, state: EdgeNode, why: string): void => {
    if (now() - state.askedAt < ASK_AGAIN_MS) return;
    state.askedAt = now();
    tell(
      'sequence',
      `${group}/${node}: ${why}${sparkplug.rebirth === false ? '' : '; asked to tell all again'}`,
    );
    if (sparkplug.rebirth !== false) parts.askRebirth(group, node);
  };

  const forget = (place: string): void => {
    for (const { held } of cylinders.get(place)?.values() ?? []) held.forget();
  };

  const takeMetric = (
    state: EdgeNode,
    place: string,
    owners: ReadonlyMap<string, Cylinder>,
    metric: Metric,
    t: number,
  ): void => {
    const born = metric.alias === null ? undefined : state.aliases.get(metric.alias);
    const name = metric.name ?? born?.name ?? '';
    const datatype = metric.datatype ?? born?.datatype ?? state.types.get(`${place} ${name}`) ?? null;
    const isGood = metric.quality === null || metric.quality === GOOD;
    for (const [cylinder, { held, names }] of owners)
      for (const from of names.get(name) ?? []) {
        if (!isGood) tell('quality', `${cylinder}: ${name}: quality ${metric.quality}`);
        held.change({ t, from, value: isGood ? signed(metric.value, datatype) : null });
      }
  };

  /** What was stored while there was no broker: of its own times, and nothing of it holds. */
  const historical = (
    state: EdgeNode,
    owners: ReadonlyMap<string, Cylinder>,
    metrics: readonly Metric[],
    payloadT: number,
  ) =>
    [...owners].flatMap(([cylinder, { names }]) =>
      [...Map.groupBy(metrics, ({ t }) => t ?? payloadT)]
        .toSorted(([one], [other]) => one - other)
        .flatMap(([t, those]) => {
          const found: Record<string, unknown> = {};
          for (const { name, alias, value, datatype } of those) {
            const born = alias === null ? undefined : state.aliases.get(alias);
            for (const from of names.get(name ?? born?.name ?? '') ?? [])
              found[from] = signed(value, datatype ?? born?.datatype ?? null);
          }
          return Object.keys(found).length === 0 ? [] : samplesOf({ cylinder, t, found });
        }),
    );

  const stateOf = (key: string): EdgeNode => {
    const state = nodes.get(key) ?? newEdgeNode();
    nodes.set(key, state);
    return state;
  };

  const takeData = (state: EdgeNode, node: string, device: string, place: string, payload: Payload) => {
    const arrival = now();
    const payloadT = isByArrival ? arrival : (payload.t ?? arrival);
    state.offMs = Math.max(state.offMs, payloadT - arrival);
    if (Math.abs(state.offMs) > CLOCK_OFF_MS && !clocksTold.has(place)) {
      clocksTold.add(place);
      const seconds = Math.round(Math.abs(state.offMs) / 1000);
      tell(
        'clock',
        `${place}: its clock is ${seconds} s ${state.offMs < 0 ? 'behind' : 'ahead'}; "time": "arrival" in the map takes that of this gateway`,
      );
    }
    const owners = cylindersOf(node, device, place);
    for (const metric of payload.metrics)
      if (!metric.isHistorical)
        takeMetric(state, place, owners, metric, isByArrival ? arrival : (metric.t ?? payloadT));
    return historical(
      state,
      owners,
      payload.metrics.filter(({ isHistorical }) => isHistorical),
      payloadT,
    );
  };

  return {
    take(topic: string, payload: Payload): readonly SourceSample[] {
      const [, group = '', kind = '', node = '', device = ''] = topic.split('/');
      const key = `${group}/${node}`;
      const place = device === '' ? key : `${key}/${device}`;
      const state = stateOf(key);
      if (kind === 'NDEATH') {
        const bdSeq = bdSeqOf(payload);
        // The will of a connection before the one that lives.
        if (bdSeq !== null && state.bdSeq !== null && bdSeq !== state.bdSeq) return [];
        for (const one of state.alive) forget(one);
        state.alive.clear();
        state.seq = -1;
        tell('death', `${key} is offline`);
        return [];
      }
      if (!/^[ND](BIRTH|DATA)$|^DDEATH$/.test(kind)) return [];
      if (kind === 'NBIRTH') {
        for (const one of state.alive) forget(one);
        rebear(state, payload);
      } else if (state.seq === -1) {
        ask(group, node, state, 'its birth was not heard');
        return [];
      } else if (payload.seq !== (state.seq + 1) % 256) {
        // What was in the messages that are missing is not known: nothing holds until it is told again.
        for (const one of state.alive) forget(one);
        ask(group, node, state, `${payload.seq} came after ${state.seq}`);
      }
      state.seq = payload.seq;
      if (kind === 'DDEATH') {
        forget(place);
        state.alive.delete(place);
        tell('death', `${place} is offline`);
        return [];
      }
      if (kind.endsWith('BIRTH')) {
        forget(place);
        state.alive.add(place);
        learn(state, place, payload);
        onEvent({ kind: 'well', source, message: `${place} is born` });
      } else if (!state.alive.has(place)) {
        ask(group, node, state, `the birth of ${place} was not heard`);
        return [];
      }
      const unknown = payload.metrics.find(
        ({ name, alias }) => name === null && (alias === null || !state.aliases.has(alias)),
      );
      if (unknown !== undefined && now() - state.aliasAskedAt >= ASK_AGAIN_MS) {
        state.aliasAskedAt = now();
        const { alias } = unknown;
        ask(
          group,
          node,
          state,
          alias === null
            ? `a metric of ${place} has neither a name nor an alias (some encoders leave out the alias 0: let them begin at 1)`
            : `nothing was born with the alias ${alias}`,
        );
      }
      return takeData(state, node, device, place, payload);
    },
    /** What is whole by now of all that live: to be asked several times a period. */
    tick(): readonly SourceSample[] {
      return [...nodes.values()].flatMap((state) =>
        [...state.alive].flatMap((place) =>
          [...(cylinders.get(place) ?? [])].flatMap(([cylinder, { held }]) =>
            held
              .advance(now() + state.offMs)
              .flatMap(({ t, found }) => samplesOf({ cylinder, t: Math.round(t), found })),
          ),
        ),
      );
    },
    /** When there is a connection again: who was known is asked at once, since it may have nothing new to say. */
    resume(): void {
      for (const [key, state] of nodes) {
        const [group = '', node = ''] = key.split('/');
        ask(group, node, state, 'what it said during a cut was not heard');
      }
    },
    /** After a cut nothing is known to live: births tell. */
    lost(): void {
      for (const state of nodes.values()) {
        for (const one of state.alive) forget(one);
        state.alive.clear();
        state.seq = -1;
        state.askedAt = Number.NEGATIVE_INFINITY;
      }
    },
  };
};
