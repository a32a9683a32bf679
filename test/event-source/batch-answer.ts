import * as v from 'valibot';

/** What a function's answer says of its batch: how many records at its head are done with, or that all failed. */
export type BatchAnswer = Readonly<{ kind: 'done' }> | Readonly<{ kind: 'failed-from'; index: number }>;

const answer = v.nullish(
  v.object({ batchItemFailures: v.nullish(v.array(v.record(v.string(), v.unknown()))) }),
);

const ALL_FAILED: BatchAnswer = { kind: 'failed-from', index: 0 };

/**
 * Reads the answer of a function whose source reports item failures. An empty list, or no answer, is success; an item
 * without an identifier of this batch fails all of it; else the lowest sequence number is where it begins again.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export const readBatchAnswer = (given: unknown, sequences: readonly string[]): BatchAnswer => {
  const parsed = v.safeParse(answer, given);
  if (!parsed.success) throw new Error(`no service says what becomes of the answer ${JSON.stringify(given)}`);
  const failures = parsed.output?.batchItemFailures ?? [];
  if (failures.length === 0) return { kind: 'done' };
  const indices = failures.map(({ itemIdentifier }) => sequences.indexOf(String(itemIdentifier)));
  return indices.includes(-1) ? ALL_FAILED : { kind: 'failed-from', index: Math.min(...indices) };
};
