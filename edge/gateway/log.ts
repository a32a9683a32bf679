/** One thing that the person who runs a gateway may want to know. */
export type LogEntry = Readonly<{
  level: 'info' | 'warn' | 'error';
  /** A short name to search by. */
  event: string;
  /** A sentence. */
  message: string;
}>;

export type Log = (entry: LogEntry) => void;
