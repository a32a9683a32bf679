import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A file system of its own in memory, which can be filled. */
export type SmallDisk = Readonly<{
  /** Takes all the room that is left, but for about `leftBytes` (none). */
  fill(leftBytes?: number): void;
  /** Gives back what was taken. */
  empty(): void;
  unmount(): void;
}>;

const CHUNK = Buffer.alloc(64 * 1024);

/** Mounts a disk of so many bytes at a path; where that cannot be done, says why. */
export const mountSmallDisk = (path: string, bytes: number): SmallDisk | string => {
  mkdirSync(path, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'sentinel-test', path], { stdio: 'pipe' });
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error);
    return `no tmpfs can be mounted here: ${reason}`;
  }
  const ballast = join(path, 'ballast');
  const left = join(path, 'ballast-left');
  const grow = (file: string, most: number): void => {
    const handle = openSync(file, 'a');
    try {
      for (let taken = 0; taken < most; taken += CHUNK.length) writeSync(handle, CHUNK);
    } finally {
      closeSync(handle);
    }
  };
  return {
    fill: (leftBytes = 0) => {
      grow(left, leftBytes);
      try {
        grow(ballast, Infinity);
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
      }
      rmSync(left);
    },
    empty: () => rmSync(ballast, { force: true }),
    unmount: () => void execFileSync('umount', ['-l', path], { stdio: 'pipe' }),
  };
};
