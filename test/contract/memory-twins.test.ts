import { isFields } from '../../domain/fields.ts';
import { memoryTwins } from './memory-twins.ts';
import { type TwinsUnderTest, twinsContract } from './twins-contract.ts';

const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, part) => (part === null ? undefined : part));

const underTest = (
  twins = memoryTwins(),
  desires = new Map<string, Readonly<Record<string, unknown>>>(),
): TwinsUnderTest => ({
  twins,
  reported: (cylinder) => {
    const said = withoutNulls(twins.kept.get(cylinder)?.twin ?? null);
    return Promise.resolve(isFields(said) ? said : null);
  },
  desire: (cylinder, desired) => {
    desires.set(cylinder, desired);
    return Promise.resolve();
  },
  desired: (cylinder) => Promise.resolve(desires.get(cylinder) ?? {}),
  restart: () => Promise.resolve(underTest(twins, desires)),
  close: () => Promise.resolve(),
});

twinsContract('the twins in memory', () => Promise.resolve(underTest()));
