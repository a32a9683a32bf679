import { type Policy, rulesOf } from '../domain/alarm/policy/policy.ts';
import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import { median } from '../domain/median.ts';
import type { Sample } from '../domain/message/sample.ts';
import { createSpacings } from '../edge/recordings/spacing.ts';
import type { TableMap } from '../edge/recordings/table.ts';
import { durationText } from '../notification/time-text.ts';
import { openRecording } from './recordings/open-recording.ts';
import { samplingWarnings } from './sampling-warnings.ts';

/** Gathers how long a machine ran from an idle sample or a gap to the next, ms; a run whose begin or end is not seen is none. */
const createRuns = (policy: Policy) => {
  const { idleIndex, idleBelow } = rulesOf(policy);
  const runs: number[] = [];
  let beganMs: number | null = null;
  let lastMs: number | null = null;
  let isWhole = false;

  const end = (): void => {
    if (beganMs !== null && lastMs !== null && isWhole) runs.push(lastMs - beganMs + policy.samplePeriodMs);
    beganMs = null;
    isWhole = true;
  };

  return {
    add: ({ t, values }: Sample): void => {
      if (lastMs !== null && t < lastMs) return;
      const value = idleIndex === null ? null : (values[idleIndex] ?? null);
      const isIdle = value !== null && value < idleBelow;
      if (isIdle || (lastMs !== null && t - lastMs > policy.staleAfterMs)) end();
      if (!isIdle) beganMs ??= t;
      lastMs = t;
    },
    read: (): readonly number[] => runs,
  };
};

export type RunLengths = Readonly<{
  add(sample: Sample): void;
  /** The cylinders that warm up for longer than they typically run, each as a line that says what would fit. */
  warnings(): readonly string[];
}>;

/** Holds the warm-up of each cylinder's policy against how long it runs in a recording; samples in the order of time. */
export const createRunLengths = (policyOf: (cylinder: string) => Policy): RunLengths => {
  const cylinders = new Map<string, ReturnType<typeof createRuns>>();
  return {
    add: (sample) => {
      const { cylinder } = sample;
      const policy = policyOf(cylinder);
      if (policy.idle === null) return;
      const runs = cylinders.get(cylinder) ?? createRuns(policy);
      runs.add(sample);
      cylinders.set(cylinder, runs);
    },
    warnings: () =>
      [...cylinders].flatMap(([cylinder, its]) => {
        const { warmUpMs } = policyOf(cylinder);
        const runs = its.read();
        const typicalMs = median(runs);
        if (typicalMs === null || warmUpMs < typicalMs) return [];
        const unjudged = runs.filter((ms) => ms <= warmUpMs).length;
        return [
          `${cylinder}: warmUpMs of ${warmUpMs} (${durationText(warmUpMs)}) is longer than a typical run of ${durationText(typicalMs)}: ` +
            `${unjudged} of ${runs.length} runs are never judged; set warmUpMs well below ${Math.round(typicalMs)}, or another idle`,
        ];
      }),
  };
};

/** No probability is looked at: what is checked is how cylinders are sampled and how they run. */
const NO_MODEL = { name: 'none', start: () => () => 0 };

/** What does not fit between a policy file and a recording, line by line; fails with what is wrong with the file. */
export const checkRecording = async (
  file: string,
  book: PolicyBook,
  map?: TableMap,
): Promise<
  Readonly<{ ok: true; warnings: readonly string[] }> | Readonly<{ ok: false; message: string }>
> => {
  const opened = await openRecording(file, NO_MODEL, () => undefined, map);
  if (!opened.ok) return opened;
  const { recording } = opened;
  const spacings = createSpacings();
  const runs = createRunLengths(book.of);
  try {
    for await (const batch of recording.messages()) {
      for (const sample of batch.flatMap(({ samples }) => samples)) {
        spacings.add(sample);
        runs.add(sample);
      }
    }
  } finally {
    recording.close();
  }
  const typical = spacings.typical();
  return {
    ok: true,
    warnings: [
      ...book
        .unusedPatterns(typical.keys())
        .map((pattern) => `the pattern ${pattern} holds for no cylinder that was recorded`),
      ...samplingWarnings(typical, book.of),
      ...runs.warnings(),
    ],
  };
};
