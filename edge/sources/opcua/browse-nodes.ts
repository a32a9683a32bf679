import type { OpcuaMapping } from '../../../domain/mapping/connections.ts';
import { lastingNodeId, nodeIdAt, plainValue } from './opcua-nodes.ts';
import { openOpcuaSession } from './opcua-session.ts';

/** A node below another; the node and its value for a variable, as a map would name it. */
export type BrowsedNode = Readonly<{
  depth: number;
  name: string;
  nodeId: string;
  /** What a variable has now, and what its status is where that is not good; null for anything else. */
  value: Readonly<{ value: unknown; status: string | null }> | null;
}>;

const OBJECTS = 'i=85';
/** The server itself, its aliases and its places, of some hundred nodes that no machine is behind. */
const NO_MACHINES = ['ns=0;i=2253', 'ns=0;i=23470', 'ns=0;i=31915'];
const HIERARCHICAL = 'i=33';
const VARIABLE = 2;

type Found = Readonly<{ depth: number; name: string; id: string; isVariable: boolean }>;

/** Gives what a server has below a node (all of its objects by default), at most so many, each once. */
export const browseNodes = async (
  opcua: OpcuaMapping,
  { under, most }: Readonly<{ under?: string | undefined; most: number }>,
  signal: AbortSignal,
): Promise<Readonly<{ nodes: readonly BrowsedNode[]; isAll: boolean; namespaces: readonly string[] }>> => {
  const ending = new AbortController();
  const gone = Promise.withResolvers<never>();
  const opened = openOpcuaSession(
    opcua,
    (event) => event === 'unreachable' && gone.reject(new Error('it cannot be reached')),
    AbortSignal.any([signal, ending.signal]),
  );
  opened.catch(() => {});
  try {
    const { module, session, namespaces } = await Promise.race([opened, gone.promise]);
    const root = under === undefined ? OBJECTS : nodeIdAt(under, namespaces);
    if (root === null) throw new Error(`it has no such namespace, but ${namespaces.slice(1).join(', ')}`);
    const found: Found[] = [];
    const seen = new Set([root, ...(under === undefined ? NO_MACHINES : [])]);
    let isAll = true;
    const visit = async (id: string, depth: number): Promise<void> => {
      const { references } = await module.browseAll(session, {
        nodeId: id,
        referenceTypeId: HIERARCHICAL,
        browseDirection: 0,
        includeSubtypes: true,
        nodeClassMask: 0,
        resultMask: 63,
      });
      for (const { nodeId, browseName, nodeClass } of references ?? []) {
        const below = nodeId.toString();
        if (seen.has(below)) continue;
        seen.add(below);
        if (found.length >= most) {
          isAll = false;
          return;
        }
        found.push({ depth, name: browseName.name ?? '', id: below, isVariable: nodeClass === VARIABLE });
        await visit(below, depth + 1);
      }
    };
    await visit(root, 0);
    const variables = found.filter(({ isVariable }) => isVariable);
    const attributeId = module.AttributeIds.Value;
    const values =
      variables.length === 0
        ? []
        : await session.read(variables.map(({ id }) => ({ nodeId: id, attributeId })));
    const saidOf = new Map(variables.map(({ id }, index) => [id, values[index]]));
    const nodes = found.map(({ depth, name, id }): BrowsedNode => {
      const said = saidOf.get(id);
      const status = said === undefined || said.statusCode.value === 0 ? null : said.statusCode.name;
      const value = said && { value: plainValue(said.value?.value, said.value?.dataType), status };
      return { depth, name, nodeId: lastingNodeId(id, namespaces), value: value ?? null };
    });
    return { nodes, isAll, namespaces };
  } finally {
    ending.abort();
    await opened.then(({ close }) => close()).catch(() => {});
  }
};
