import { readdirSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connectionsByDescriptors } from './bounds.ts';

/** What the process may have open; as little as systems allow by default where that is not known. */
const descriptorLimit = (): number => {
  // Else it looks up the name of every address that the process is connected to.
  Object.assign(process.report, { excludeNetwork: true });
  const report: object = process.report.getReport();
  const limits: unknown = 'userLimits' in report ? report.userLimits : null;
  const files: unknown =
    typeof limits === 'object' && limits !== null && 'open_files' in limits ? limits.open_files : null;
  const soft: unknown = typeof files === 'object' && files !== null && 'soft' in files ? files.soft : null;
  return typeof soft === 'number' ? soft : soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : 1024;
};

const openDescriptors = (): number => {
  for (const folder of ['/proc/self/fd', '/dev/fd']) {
    try {
      return readdirSync(folder).length;
    } catch {
      // Another system.
    }
  }
  return 64;
};

/** Kept for clients of this machine: the gateway of the run itself, and a command that asks. */
const FOR_THIS_MACHINE = 2;
const BEING_REFUSED = 8;

export type ConnectionCount = Readonly<{
  /** Whether one more may stay; counts it until it is closed. */
  admit(socket: Socket, isLocal: boolean): boolean;
  /** How many there may be at a time. */
  max: number;
}>;

/** Bounds connections, and those of each address on another machine to half of all. */
export const createConnectionCount = (bound: number | null): ConnectionCount => {
  const max = bound ?? connectionsByDescriptors(descriptorLimit(), openDescriptors());
  const byAddress = new Map<string, number>();
  let open = 0;
  let refused = 0;

  const change = (address: string, by: 1 | -1): void => {
    open += by;
    const count = (byAddress.get(address) ?? 0) + by;
    if (count === 0) byAddress.delete(address);
    else byAddress.set(address, count);
  };

  return {
    max,
    admit: (socket, isLocal) => {
      const address = isLocal ? 'local' : (socket.remoteAddress ?? '');
      const isFull = isLocal
        ? open >= max
        : open >= max - FOR_THIS_MACHINE || (byAddress.get(address) ?? 0) >= Math.max(1, max / 2);
      if (!isFull) {
        change(address, 1);
        socket.once('close', () => change(address, -1));
        return true;
      }
      refused += 1;
      socket.once('close', () => {
        refused -= 1;
      });
      if (refused > BEING_REFUSED) socket.destroy();
      return false;
    },
  };
};
