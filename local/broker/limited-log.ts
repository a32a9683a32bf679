/**
 * Writes a line to a log. `cause` is what kind of thing happened, `key` to whom: a client that comes back every second,
 * for ever, is told of once an hour; where the key is empty, each time counts.
 */
export type LimitedLog = (cause: string, key: string, line: string) => void;

const MAX_OF_CAUSE = 10;
const PERIOD_MS = 60_000;
const SAME_KEY_MS = 3_600_000;
const MAX_KEYS = 1_000;

type Cause = { sinceMs: number; written: number; left: number };

/**
 * Bounds what a log gets of one cause to ten lines a minute; how many more there were is said with the first one after
 * it. `nowMs` is any clock that does not go back.
 */
export const limitedLog = (log: (line: string) => void, nowMs: () => number): LimitedLog => {
  const causes = new Map<string, Cause>();
  const keys = new Map<string, number>();

  const isRepeated = (key: string, now: number): boolean => {
    const last = keys.get(key);
    if (last !== undefined && now - last < SAME_KEY_MS) return true;
    keys.delete(key);
    keys.set(key, now);
    const [oldest] = keys.keys();
    if (keys.size > MAX_KEYS && oldest !== undefined) keys.delete(oldest);
    return false;
  };

  return (cause, key, line) => {
    const now = nowMs();
    if (key !== '' && isRepeated(`${cause} ${key}`, now)) return;
    let of = causes.get(cause);
    if (of === undefined || now - of.sinceMs >= PERIOD_MS) {
      if (of !== undefined && of.left > 0) log(`MQTT: ${of.left} more lines like the next one were left out`);
      of = { sinceMs: now, written: 0, left: 0 };
      causes.set(cause, of);
    }
    if (of.written >= MAX_OF_CAUSE) {
      of.left += 1;
      return;
    }
    of.written += 1;
    log(of.written < MAX_OF_CAUSE ? line : `${line} (more of this kind in the next minute are left out)`);
  };
};
