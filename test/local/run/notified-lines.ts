export type Line = Readonly<Record<string, unknown>>;

export const parseLine = (line: string): Line => JSON.parse(line);

/** The lines of JSON among others. */
export const linesIn = (text: string): readonly Line[] =>
  text.split('\n').flatMap((line) => (line.startsWith('{') ? [parseLine(line)] : []));

const OF_OCCURRED = new Set(['incidents', 'count']);
const OF_NOTICES = new Set(['kind', 'cylinder', 'id', 'type', 'incident', 'severity', ...OF_OCCURRED]);

/** A line without the time at which it was received, and without what the alarm does not say but the run knows. */
export const bareLine = ({ at: _, ...line }: Line): Line =>
  line.kind !== 'notice'
    ? line
    : Object.fromEntries(
        Object.entries(line).filter(
          ([name]) => OF_NOTICES.has(name) && (line.type === 'OCCURRED' || !OF_OCCURRED.has(name)),
        ),
      );

/** What was notified, by owner and family, without the time at which it was received. */
export const byFamily = (lines: readonly Line[]): ReadonlyMap<string, readonly Line[]> => {
  const notified = lines.filter(
    ({ kind }) => kind === 'notice' || kind === 'condition' || kind === 'severity',
  );
  return Map.groupBy(
    notified.map(bareLine),
    ({ cylinder, kind }) => `${cylinder} ${kind === 'notice' ? 'notices' : 'states'}`,
  );
};
