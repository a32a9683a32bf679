import { AT, type OpcuaMapping } from '../../../domain/mapping/connections.ts';
import type { Mapping } from '../../../domain/mapping/mapping.ts';
import { SENSORS } from '../../../domain/message/sample.ts';

/** A node that is read for a sensor or its quality of a cylinder; `from` is its name in the map. */
export type MappedNode = Readonly<{ cylinder: string; from: string; nodeId: string }>;

/** All nodes that a map names, those of each device by its `at`. */
export const mappedNodes = (mapping: Mapping, { devices }: OpcuaMapping): readonly MappedNode[] => {
  const names = SENSORS.flatMap((sensor) => {
    const rule = mapping.sensors[sensor];
    return rule === undefined ? [] : [rule.from, ...(rule.quality === undefined ? [] : [rule.quality.from])];
  });
  const all: readonly Readonly<{ cylinder: string; at: string }>[] = devices ?? [
    { cylinder: mapping.cylinder?.name ?? '', at: '' },
  ];
  return all.flatMap(({ cylinder, at }) =>
    [...new Set(names)].map((from) => ({ cylinder, from, nodeId: from.replaceAll(AT, at) })),
  );
};

/** A node by the index that its namespace has at a server now, or null where the server has none of that name. */
export const nodeIdAt = (nodeId: string, namespaces: readonly string[]): string | null => {
  const [, uri, rest] = /^nsu=([^;]+);(.+)$/.exec(nodeId) ?? [];
  if (uri === undefined || rest === undefined) return nodeId;
  const index = namespaces.indexOf(uri);
  return index === -1 ? null : `ns=${index};${rest}`;
};

/** A node by the name of its namespace, which stays when a server numbers its namespaces anew. */
export const lastingNodeId = (nodeId: string, namespaces: readonly string[]): string => {
  const [, index, rest] = /^ns=(\d+);(.+)$/.exec(nodeId) ?? [];
  const uri = namespaces[Number(index ?? 0)];
  return index === undefined || index === '0' || uri === undefined
    ? nodeId.replace(/^ns=0;/, '')
    : `nsu=${uri};${rest}`;
};

/** What a variant holds as a map knows it: 64-bit integers, which come in halves, as numbers. */
export const plainValue = (value: unknown, dataType: unknown): unknown => {
  const isLong = dataType === INT64 || dataType === UINT64;
  if (!isLong || !Array.isArray(value) || value.length !== 2)
    return value instanceof Date ? value.getTime() : value;
  const [high, low] = value.map(Number);
  const signed = dataType === INT64 ? (high ?? 0) | 0 : (high ?? 0) >>> 0;
  return signed * 2 ** 32 + ((low ?? 0) >>> 0);
};

/** https://reference.opcfoundation.org/Core/Part6/v105/docs/5.1.2 */
const INT64 = 8;
const UINT64 = 9;
