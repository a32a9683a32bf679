/** A stretch of time in which a recording says that something was truly wrong; ms, both ends included. */
export type Episode = Readonly<{ cylinder: string; beginMs: number; endMs: number }>;

/** One labelled second of a recording. */
type LabelledSecond = Readonly<{ cylinder: string; t: number; label: boolean }>;

/** Gathers labelled seconds, each cylinder's in the order of time, into episodes. */
export const createEpisodes = (): Readonly<{
  add(sample: LabelledSecond): void;
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

/** What the labels of one cylinder's recording say. */
export type LabelledTime = Readonly<{
  episodes: readonly Episode[];
  /** Time labelled as sound, ms, without the grace after each episode, in which no alarm counts as false. */
  soundMs: number;
  /** Whether an alarm raised at `t` can be judged: the labels there say that all was sound. */
  isSound: (t: number) => boolean;
}>;

type Options = Readonly<{ cylinder: string; samplePeriodMs: number; graceMs: number }>;

/** Gathers the labels of one cylinder, in the order of time, by slots, as its alarm is; an unlabelled slot counts for nothing. */
export const createLabelledTime = ({ cylinder, samplePeriodMs, graceMs }: Options) => {
  const wrong = createEpisodes();
  const sound = createEpisodes();
  let lastSlotMs = Number.NEGATIVE_INFINITY;
  let lastWrongMs = Number.NEGATIVE_INFINITY;
  let soundMs = 0;

  return {
    add: (t: number, label: boolean | null): void => {
      const slotMs = Math.floor(t / samplePeriodMs) * samplePeriodMs;
      if (label !== null) wrong.add({ cylinder, t: slotMs, label });
      sound.add({ cylinder, t: slotMs, label: label === false });
      if (label === true) lastWrongMs = slotMs;
      if (label === false && slotMs > lastSlotMs && slotMs > lastWrongMs + graceMs) soundMs += samplePeriodMs;
      lastSlotMs = Math.max(lastSlotMs, slotMs);
    },
    read: (): LabelledTime => {
      const stretches = sound.all();
      return {
        episodes: wrong.all(),
        soundMs,
        isSound: (t) => stretches.some(({ beginMs, endMs }) => t >= beginMs && t <= endMs),
      };
    },
  };
};
