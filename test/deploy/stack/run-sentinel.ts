import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SENTINEL = fileURLToPath(new URL('../../../cli/sentinel.ts', import.meta.url));

/** Runs `sentinel` as a person would; resolves with its exit code and what it printed. */
export const runSentinel = async (
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Readonly<{ code: number; out: string; err: string }>> => {
  const child = spawn(process.execPath, [SENTINEL, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
};
