import type { Log } from '../gateway/log.ts';

/** One JSON object a line, with the time in UTC: the nucleus keeps what a component writes to its standard output. */
export const jsonLog: Log = (entry) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
};
