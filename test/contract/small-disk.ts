import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A disk of its own that can be filled to the last block, and have room again. */
export type SmallDisk = Disposable & Readonly<{ fill(): void; free(): void }>;

const BLOCK = Buffer.alloc(4096);

/** A real file system in memory at a folder; null where this process may not mount one. */
export const mountSmallDisk = (folder: string, kiB: number): SmallDisk | null => {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kiB}k`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  const fillers: string[] = [];
  return {
    fill() {
      try {
        for (;;) {
          const filler = join(folder, `filler-${fillers.length}`);
          fillers.push(filler);
          writeFileSync(filler, BLOCK);
        }
      } catch {
        // It is full.
      }
    },
    free() {
      for (const filler of fillers.splice(0)) rmSync(filler, { force: true });
    },
    [Symbol.dispose]: () => void execFileSync('umount', ['-l', folder]),
  };
};
