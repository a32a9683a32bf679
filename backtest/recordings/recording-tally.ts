import type { Source, SourceSample } from '../../edge/sources/source.ts';
import { createEpisodes, type Episode } from '../evaluation/episode.ts';

/** What was in a recording, counted as it was read. */
export type Tally = Readonly<{
  samples: number;
  /** Steps longer than one and a half sample periods, and the longest of them, ms. */
  gaps: number;
  longestGapMs: number;
  firstMs: number | null;
  lastMs: number | null;
  /** Seconds labelled as sound, ms; and what was labelled as wrong. */
  soundMs: number;
  episodes: readonly Episode[];
}>;

/** Passes a source on and counts what goes through. */
export const tallied = (
  source: Source,
  samplePeriodMs: number,
): Readonly<{ source: Source; tally: () => Tally }> => {
  const lastOf = new Map<string, number>();
  const episodes = createEpisodes();
  let counts = { samples: 0, gaps: 0, longestGapMs: 0, soundMs: 0 };
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  const take = ({ cylinder, t, label }: SourceSample): void => {
    const stepMs = t - (lastOf.get(cylinder) ?? t);
    const isGap = stepMs > 1.5 * samplePeriodMs;
    counts = {
      samples: counts.samples + 1,
      gaps: counts.gaps + (isGap ? 1 : 0),
      longestGapMs: Math.max(counts.longestGapMs, isGap ? stepMs : 0),
      soundMs: counts.soundMs + (label === false ? samplePeriodMs : 0),
    };
    lastOf.set(cylinder, t);
    firstMs = Math.min(firstMs ?? t, t);
    lastMs = Math.max(lastMs ?? t, t);
    if (label !== null) episodes.add({ cylinder, t, label });
  };

  async function* through(): AsyncGenerator<readonly SourceSample[], void> {
    for await (const batch of source) {
      for (const sample of batch) take(sample);
      yield batch;
    }
  }

  return { source: through(), tally: () => ({ ...counts, firstMs, lastMs, episodes: episodes.all() }) };
};
