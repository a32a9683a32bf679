import { execFile } from 'node:child_process';

/** The version of the npm on the path, or null where there is none. */
export const npmVersion = (): Promise<string | null> =>
  new Promise((resolve) => {
    const shell = process.platform === 'win32';
    execFile('npm', ['--version'], { timeout: 10_000, shell }, (error, out) => {
      resolve(error === null ? out.trim() : null);
    });
  });
