import { execFile } from 'node:child_process';
import { devNull } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(import.meta.dirname, '../../cli/sentinel.ts');

export type Ended = Readonly<{ code: number; out: string; errors: string }>;

type Setting = Readonly<{ env?: Readonly<Record<string, string | undefined>>; input?: string }>;

/** Runs `sentinel` to its end; what it wrote is as it wrote it. */
export const runCommand = (
  args: readonly string[],
  { env = process.env, input = '' }: Setting = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const options = { env, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [SCRIPT, ...args], options, (error, out, errors) => {
      resolve({ code: Number(error?.code ?? 0), out, errors });
    });
    child.stdin?.end(input);
  });

/** An environment in which AWS knows nobody: neither keys nor files nor the service that machines have. */
const NOBODY: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
  AWS_EC2_METADATA_DISABLED: 'true',
};

export const SOMEBODY = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } as const;

/** Runs `sentinel` as a person would, who has the keys and the region given and no others; what it wrote is trimmed. */
export const runSentinel = async (
  args: readonly string[],
  env: Readonly<Record<string, string>> = { ...SOMEBODY, AWS_REGION: 'eu-central-1' },
): Promise<Ended> => {
  const { code, out, errors } = await runCommand(args, { env: { ...NOBODY, ...env } });
  return { code, out: out.trim(), errors: errors.trim() };
};
