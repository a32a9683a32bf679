import type { Payload } from './sparkplug-payload.ts';

type Born = Readonly<{ name: string; datatype: number | null }>;

/** An edge node as its messages show it; all aliases are of the node, those of its devices too. */
export type EdgeNode = {
  bdSeq: number | null;
  seq: number;
  offMs: number;
  aliases: Map<number, Born>;
  types: Map<string, number | null>;
  alive: Set<string>;
  askedAt: number;
  /** When it was asked for what its births do not say: a birth that does not say it either is no reason to ask anew. */
  aliasAskedAt: number;
};

export const newEdgeNode = (): EdgeNode => ({
  bdSeq: null,
  seq: -1,
  offMs: Number.NEGATIVE_INFINITY,
  aliases: new Map(),
  types: new Map(),
  alive: new Set(),
  askedAt: Number.NEGATIVE_INFINITY,
  aliasAskedAt: Number.NEGATIVE_INFINITY,
});

/** Takes over what a birth says of its metrics: data messages name them by alias, and leave out their types. */
export const learn = (state: EdgeNode, place: string, { metrics }: Payload): void => {
  for (const { name, alias, datatype } of metrics) {
    if (name === null) continue;
    state.types.set(`${place} ${name}`, datatype);
    if (alias !== null) state.aliases.set(alias, { name, datatype });
  }
};

/** Which connection of its node a birth or a death is of. */
export const bdSeqOf = ({ metrics }: Payload): number | null => {
  const found = metrics.find(({ name }) => name === 'bdSeq')?.value;
  return found === undefined || found === null ? null : Number(found);
};

/** Begins the life of a node anew, at its birth. */
export const rebear = (state: EdgeNode, birth: Payload): void => {
  state.alive.clear();
  state.aliases.clear();
  state.types.clear();
  state.bdSeq = bdSeqOf(birth);
  state.offMs = Number.NEGATIVE_INFINITY;
  state.askedAt = Number.NEGATIVE_INFINITY;
};
