/** A stretch of time in which a recording says that something was truly wrong; ms, both ends included. */
export type Episode = Readonly<{ cylinder: string; beginMs: number; endMs: number }>;

/** One labelled second of a recording. */
export type LabelledTime = Readonly<{ cylinder: string; t: number; label: boolean }>;

/** Gathers labelled seconds, each cylinder's in the order of time, into episodes. */
export const createEpisodes = (): Readonly<{
  add(sample: LabelledTime): void;
  all(): readonly Episode[];
}> => {
  const open = new Map<string, Episode>();
  const ended: Episode[] = [];
  return {
    add: ({ cylinder, t, label }) => {
      const current = open.get(cylinder);
      if (label)
        open.set(
          cylinder,
          current === undefined ? { cylinder, beginMs: t, endMs: t } : { ...current, endMs: t },
        );
      else if (current !== undefined) {
        ended.push(current);
        open.delete(cylinder);
      }
    },
    all: () => [...ended, ...open.values()].sort((a, b) => a.beginMs - b.beginMs),
  };
};
