import { importChain } from './import-chain.ts';
import { productionFiles } from './source-files.ts';

/** `npm run structure`: how large the program is, and how deep. */

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

// Whoever reads the beginning only has seen enough.
process.stdout.on('error', () => process.exit());

const files = productionFiles();
const lines = files.map((file) => file.lines).toSorted((one, other) => one - other);
const chains = files
  .filter(({ path }) => /^functions\/[^/]+\/handler\.ts$/.test(path))
  .map(({ path }) => importChain(files, path))
  .toSorted((one, other) => other.length - one.length);

print(`production files          ${files.length}`);
print(`production lines          ${lines.reduce((sum, count) => sum + count, 0)}`);
print(`median file               ${lines[Math.floor(lines.length / 2)]} lines`);
print(
  `files over 150 lines      ${lines.filter((count) => count > 150).length}, the longest ${lines.at(-1)}`,
);
print(`longest chain of imports  ${chains[0]?.length} files`);
for (const path of chains[0] ?? []) print(`  ${path}`);
