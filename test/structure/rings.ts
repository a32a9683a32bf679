/** Which nodes each node leads to. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * The groups of nodes each of which leads to every other and back, each sorted; nodes that are in no ring are left out.
 * Tarjan, "Depth-first search and linear graph algorithms", 1972.
 */
export const ringsOf = (graph: Graph): readonly (readonly string[])[] => {
  const numbers = new Map<string, number>();
  const stack: string[] = [];
  const rings: string[][] = [];
  // The lowest number that can be reached from the node.
  const visit = (node: string): number => {
    const number = numbers.size;
    numbers.set(node, number);
    const place = stack.push(node) - 1;
    let lowest = number;
    for (const next of graph.get(node) ?? []) {
      if (!numbers.has(next)) lowest = Math.min(lowest, visit(next));
      else if (stack.includes(next)) lowest = Math.min(lowest, numbers.get(next) ?? number);
    }
    if (lowest === number) {
      const ring = stack.splice(place);
      if (ring.length > 1) rings.push(ring.toSorted());
    }
    return lowest;
  };
  for (const node of graph.keys()) if (!numbers.has(node)) visit(node);
  return rings.toSorted((one, other) => (one.join() < other.join() ? -1 : 1));
};
