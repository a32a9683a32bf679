import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** The page's own scripts, in the order in which they need each other. */
const SCRIPTS = ['time-text.js', 'palette.js', 'lanes.js', 'readout.js', 'chart.js', 'main.js'];

const read = (url: URL | string): string => readFileSync(new URL(url), 'utf8');
const own = (name: string): string => read(new URL(`page/${name}`, import.meta.url));
const plotFile = (name: string): string => read(import.meta.resolve(`uplot/${name}`));

/** Modules for the editor and the linter, one script for the page: it must open from a disk, where modules cannot load. */
const joined = (modules: readonly string[]): string =>
  modules.map((text) => text.replace(/^import .*;\n/gm, '').replace(/^export /gm, '')).join('\n');

/** All that the report needs besides its data: the chart library with its licence, and the page's own style and script. */
export const pageAssets = (): Readonly<{ style: string; plotScript: string; pageScript: string }> => ({
  style: `${plotFile('dist/uPlot.min.css')}\n${own('report.css')}\n${own('chart.css')}`,
  plotScript: `/*\n${plotFile('LICENSE')}*/\n${plotFile('dist/uPlot.iife.min.js')}`,
  pageScript: `(() => {\n${joined(SCRIPTS.map(own))}\n})();`,
});

/** What a content security policy names a script by. https://www.w3.org/TR/CSP3/#grammardef-hash-source */
export const scriptHash = (script: string): string =>
  `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
