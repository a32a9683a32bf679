/** One thing that the person who runs a gateway may want to know. */
export type LogEntry = Readonly<{
  level: 'info' | 'warn' | 'error';
  /** A short name to search by. */
  event: string;
  /** A sentence. */
  message: string;
}>;

export type Log = (entry: LogEntry) => void;

/** One JSON object a line, with the time in UTC: the nucleus keeps what a component writes to its standard output. */
export const jsonLog: Log = (entry) => {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
};
