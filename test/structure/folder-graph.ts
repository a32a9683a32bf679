import { dirname } from 'node:path';
import type { Graph } from './rings.ts';
import type { SourceFile } from './source-files.ts';

const folderAt = (path: string, depth: number): string => dirname(path).split('/').slice(0, depth).join('/');

/**
 * Which folder imports from which, with folders told apart down to a depth: at depth 1 `cli/aws` is a part of `cli`,
 * at depth 2 it is a folder of its own beside the files that lie in `cli` itself.
 */
export const folderGraph = (files: readonly SourceFile[], depth: number): Graph => {
  const graph = new Map<string, Set<string>>();
  for (const { path, imports } of files) {
    const from = folderAt(path, depth);
    const leadsTo = graph.get(from) ?? new Set<string>();
    graph.set(from, leadsTo);
    for (const imported of imports) {
      const to = folderAt(imported, depth);
      if (to !== from) leadsTo.add(to);
    }
  }
  return graph;
};

/** How deep the deepest folder lies. */
export const depthOf = (files: readonly SourceFile[]): number =>
  Math.max(...files.map(({ path }) => path.split('/').length - 1));
