import { readFile } from 'node:fs/promises';
import { DEFAULT_BOOK, type PolicyBook, readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { faultsText } from '../../domain/alarm/policy/read-policy.ts';
import { driftReference } from '../../domain/drift/drift-reference.ts';
import type { DriftReference } from '../../domain/model/histogram.ts';
import { readModelCard } from '../../domain/model/model-card.ts';
import { UsageError } from '../terminal/usage-error.ts';

/** Reads a JSON file; the error names the file and what is wrong with it. */
export const readJsonFile = async (file: string): Promise<unknown> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  });
  try {
    // Editors on Windows begin a file with a mark of its byte order, which JSON has none of.
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new UsageError(`${file} is not JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
};

/** The reference in a model's card by which drift is watched; rejects where the card cannot be read. */
export const readCardReference = async (file: string): Promise<DriftReference> => {
  const reading = readModelCard(await readJsonFile(file));
  if (!reading.ok) throw new UsageError(`${file}: ${reading.message}`);
  const { reference } = reading.card;
  if (reference === null)
    throw new UsageError(
      `${file} has no reference histograms: train the model anew, sentinel train writes them`,
    );
  return driftReference(reference);
};

/** What the policy is called where no file is given. */
export const DEFAULT_POLICY_NAME = 'the default policy';

/** The policies of a file, or the defaults where none is given. */
export const readPolicyFile = async (file: string | undefined): Promise<PolicyBook> => {
  if (file === undefined) return DEFAULT_BOOK;
  const reading = readPolicyBook(await readJsonFile(file));
  if (reading.ok) return reading.book;
  throw new UsageError(`${file}: ${faultsText(reading.faults)}`);
};
