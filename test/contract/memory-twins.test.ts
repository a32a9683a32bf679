import { isFields } from '../../domain/fields.ts';
import { memoryTwins } from './memory-twins.ts';
import { type TwinsUnderTest, twinsContract } from './twins-contract.ts';

const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, part) => (part === null ? undefined : part));

const underTest = (twins = memoryTwins()): TwinsUnderTest => ({
  twins,
  reported: (cylinder) => {
    const said = withoutNulls(twins.kept.get(cylinder)?.twin ?? null);
    return Promise.resolve(isFields(said) ? said : null);
  },
  desire: (cylinder, desired) => {
    const held = twins.desired.get(cylinder) ?? {};
    const merged = Object.entries(desired).map(([name, part]) => {
      const before = held[name];
      return [name, isFields(before) && isFields(part) ? { ...before, ...part } : part];
    });
    twins.desired.set(cylinder, { ...held, ...Object.fromEntries(merged) });
    return Promise.resolve();
  },
  desired: (cylinder) => Promise.resolve(twins.desired.get(cylinder) ?? {}),
  restart: () => Promise.resolve(underTest(twins)),
  close: () => Promise.resolve(),
});

twinsContract('the twins in memory', () => Promise.resolve(underTest()));
