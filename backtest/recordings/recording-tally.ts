import { createSpacings } from '../../edge/recordings/spacing.ts';
import type { Source, SourceSample } from '../../edge/sources/source.ts';

/** What was in a recording, counted as it was read. */
export type Tally = Readonly<{
  samples: number;
  /** Steps longer than one and a half sample periods, and the longest of them, ms. */
  gaps: number;
  longestGapMs: number;
  firstMs: number | null;
  lastMs: number | null;
  /** Whether any sample says if its cylinder was truly abnormal. */
  isLabelled: boolean;
  /** The usual step between samples of each cylinder, ms; null where there is one sample only. */
  spacings: ReadonlyMap<string, number | null>;
}>;

/** Passes a source on, counts what goes through, and shows each sample to `onSample` before it does. */
export const tallied = (
  source: Source,
  samplePeriodMs: number,
  onSample: (sample: SourceSample) => void = () => undefined,
): Readonly<{ source: Source; tally: () => Tally }> => {
  const spacings = createSpacings();
  const lastOf = new Map<string, number>();
  let counts = { samples: 0, gaps: 0, longestGapMs: 0, isLabelled: false };
  let firstMs: number | null = null;
  let lastMs: number | null = null;

  const take = (sample: SourceSample): void => {
    const { cylinder, t, label } = sample;
    const stepMs = t - (lastOf.get(cylinder) ?? t);
    const isGap = stepMs > 1.5 * samplePeriodMs;
    counts = {
      samples: counts.samples + 1,
      gaps: counts.gaps + (isGap ? 1 : 0),
      longestGapMs: Math.max(counts.longestGapMs, isGap ? stepMs : 0),
      isLabelled: counts.isLabelled || label !== null,
    };
    lastOf.set(cylinder, t);
    firstMs = Math.min(firstMs ?? t, t);
    lastMs = Math.max(lastMs ?? t, t);
    spacings.add(sample);
    onSample(sample);
  };

  async function* through(): AsyncGenerator<readonly SourceSample[], void> {
    for await (const batch of source) {
      for (const sample of batch) take(sample);
      yield batch;
    }
  }

  return {
    source: through(),
    tally: () => ({ ...counts, firstMs, lastMs, spacings: spacings.typical() }),
  };
};
