import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the repository: its path there, its lines, the files that it imports, and the packages. */
export type SourceFile = Readonly<{
  path: string;
  lines: number;
  imports: readonly string[];
  packages: readonly string[];
}>;

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The folders that hold the program; docs/architecture.md says what lives in each. */
export const PRODUCTION_FOLDERS = [
  'domain',
  'usecases',
  'notification',
  'functions',
  'aws',
  'edge',
  'local',
  'desk',
  'analysis',
  'backtest',
  'report',
  'cost',
  'cli',
  'infra',
] as const;

const IMPORTS =
  /^(?:import|export)\s[^'"`]*?from\s+['"]([^'"\s]+)['"]|^import\s+['"]([^'"\s]+)['"]|\b(?:import|require)\(\s*['"]([^'"\s]+)['"]/gm;

/** Whatever a text imports, types and late imports included. */
const specifiersOf = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(IMPORTS)].map(([, named, bare, late]) => named ?? bare ?? late ?? '')),
];

const read = (path: string): SourceFile => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const specifiers = specifiersOf(text);
  return {
    path,
    lines: text.split('\n').length - 1,
    imports: specifiers
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => join(dirname(path), specifier))
      // Texts of programs that are yet to be written name files that are not there.
      .filter((imported) => existsSync(join(ROOT, imported))),
    packages: specifiers.filter((specifier) => !specifier.startsWith('.')),
  };
};

/** All files of code under these folders, those of packages and mere declarations left out. */
export const sourceFiles = (folders: readonly string[]): readonly SourceFile[] =>
  globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx,js,cjs}`),
    { cwd: ROOT, exclude: ['**/node_modules/**', '**/*.d.ts'] },
  )
    .toSorted()
    .map(read);

/** The program, without the tests that stand beside it. */
export const productionFiles = (): readonly SourceFile[] =>
  sourceFiles(PRODUCTION_FOLDERS).filter(({ path }) => !path.endsWith('.test.ts'));
