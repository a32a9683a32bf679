import { cpus, loadavg, totalmem } from 'node:os';

/** The machine in one line: figures of two machines cannot be compared. */
export const machine = (): string => {
  const cores = cpus();
  const memoryGb = Math.round(totalmem() / 2 ** 30);
  return (
    `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores, ${memoryGb} GB; ` +
    `Node ${process.version}, ${process.platform} ${process.arch}; ` +
    `load ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`
  );
};
