import type { SourceFile } from './source-files.ts';

/** The longest way down from a file over what it imports, that file first. The files must form no ring. */
export const importChain = (files: readonly SourceFile[], entry: string): readonly string[] => {
  const importsOf = new Map(files.map(({ path, imports }) => [path, imports]));
  const known = new Map<string, readonly string[]>();
  const from = (path: string): readonly string[] => {
    const already = known.get(path);
    if (already !== undefined) return already;
    let below: readonly string[] = [];
    for (const imported of importsOf.get(path) ?? []) {
      const chain = from(imported);
      if (chain.length > below.length) below = chain;
    }
    const chain = [path, ...below];
    known.set(path, chain);
    return chain;
  };
  return from(entry);
};
