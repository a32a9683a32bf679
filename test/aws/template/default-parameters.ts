import { readFileSync } from 'node:fs';

/** The parameters of serverless.yml with their defaults, as they are written there. */
export const defaultParameters = (): Readonly<Record<string, string>> => {
  const service = readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8');
  const block = /^params:\n {2}default:\n((?: {4}.*\n)+)/m.exec(service)?.[1] ?? '';
  const lines = [...block.matchAll(/^ {4}(\w+): (?:'(.*?)'|([^#\n]*?))(?: +#.*)?$/gm)];
  return Object.fromEntries(
    lines.map(([, name = '', quoted, plain = '']) => [name, quoted ?? (plain === 'null' ? '' : plain)]),
  );
};
