import type { PolicyBook } from '../domain/alarm/policy/policy-book.ts';
import { openRecording } from './recordings/open-recording.ts';
import { createSpacing } from './recordings/spacing.ts';
import { samplingWarnings } from './sampling-warnings.ts';
import { createRunLengths } from './warm-up-warnings.ts';

/** No probability is looked at: what is checked is how cylinders are sampled and how they run. */
const NO_MODEL = { name: 'none', probability: () => 0 };

/** What does not fit between a policy file and a recording, line by line; fails with what is wrong with the file. */
export const checkRecording = async (
  file: string,
  book: PolicyBook,
): Promise<
  Readonly<{ ok: true; warnings: readonly string[] }> | Readonly<{ ok: false; message: string }>
> => {
  const opened = await openRecording(file, NO_MODEL, () => undefined);
  if (!opened.ok) return opened;
  const { recording } = opened;
  const spacings = new Map<string, ReturnType<typeof createSpacing>>();
  const runs = createRunLengths(book.of);
  try {
    for await (const batch of recording.messages()) {
      for (const sample of batch.flatMap(({ samples }) => samples)) {
        const spacing = spacings.get(sample.cylinder) ?? createSpacing();
        spacing.add(sample.t);
        spacings.set(sample.cylinder, spacing);
        runs.add(sample);
      }
    }
  } finally {
    recording.close();
  }
  const medians = new Map([...spacings].map(([name, spacing]) => [name, spacing.medianMs()]));
  return {
    ok: true,
    warnings: [
      ...book
        .unusedPatterns(medians.keys())
        .map((pattern) => `the pattern ${pattern} holds for no cylinder that was recorded`),
      ...samplingWarnings(medians, book.of),
      ...runs.warnings(),
    ],
  };
};
