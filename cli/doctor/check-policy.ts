import { readPolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import { faultsText } from '../../domain/alarm/policy/read-policy.ts';
import { readJsonFile } from '../options/policy-file.ts';
import { UsageError } from '../terminal/usage-error.ts';
import { type Check, fail, ok } from './finding.ts';

const NAME = 'Policy of the alarm';
/** All variables of a function may be 4 KB together; the policy is one of them. */
const MAX_BYTES = 3072;

const read = async (file: string): Promise<Readonly<{ value: unknown }> | Readonly<{ refusal: string }>> => {
  try {
    return { value: await readJsonFile(file) };
  } catch (error) {
    if (error instanceof UsageError) return { refusal: error.message };
    throw error;
  }
};

/** Whether the policy file would be deployed: readable, a policy, and small enough. */
export const checkPolicy = (file: string): Check => ({
  name: NAME,
  run: async () => {
    const json = await read(file);
    if ('refusal' in json) return [fail(NAME, json.refusal, 'name a JSON file that is there')];
    const reading = readPolicyBook(json.value);
    if (!reading.ok) {
      return [
        fail(NAME, `${file}: ${faultsText(reading.faults)}`, 'sentinel policy --help says how to try one'),
      ];
    }
    const bytes = Buffer.byteLength(JSON.stringify(json.value));
    return bytes > MAX_BYTES
      ? [
          fail(
            NAME,
            `${file}: ${bytes} bytes as compact JSON`,
            `at most ${MAX_BYTES}: use patterns in place of names`,
          ),
        ]
      : [ok(NAME, `${file}, ${bytes} bytes`)];
  },
});
