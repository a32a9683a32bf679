import * as v from 'valibot';
import { type Fields, isFields } from '../../fields.ts';
import { CANARY } from '../../message/topic.ts';
import type { DriftReference } from '../../model/histogram.ts';
import { CANARY_POLICY, DEFAULT_POLICY, type Policy } from './policy.ts';
import { type PolicyFault, type PolicyReading, readPolicy } from './read-policy.ts';
import { policyAtPeriod } from './sampling-fit.ts';

/**
 * What a cylinder's twin cannot override: samples are stored before anybody looks into its record, and what is stored
 * and what is judged have to be the same.
 */
const NOT_OVERRIDABLE = ['futureToleranceMs'] as const;

/** The policies of a whole line: one for all, with overrides for the cylinders whose name fits a pattern. */
export type PolicyBook = Readonly<{
  /** The policy of gateways, and of every cylinder that no pattern fits. */
  default: Policy;
  /** The policy of a cylinder, with overrides of its own (from its twin) laid over all others. */
  of: (cylinder: string, overrides?: Readonly<Record<string, unknown>>) => Policy;
  /** What overrides would make of the policy of a cylinder, or why they make none. */
  read: (cylinder: string, overrides: Readonly<Record<string, unknown>>) => PolicyReading;
  /** The patterns, in their order, that hold for none of these cylinders. */
  unusedPatterns: (cylinders: Iterable<string>) => readonly string[];
  /** What the model in force knows, where drift is watched; it changes nothing about the alarm. */
  reference?: DriftReference;
}>;

export type PolicyBookReading =
  | Readonly<{ ok: true; book: PolicyBook }>
  | Readonly<{ ok: false; faults: readonly PolicyFault[] }>;

// A record of the schema library would pass over names such as __proto__ in silence.
const fields = v.custom<Fields>(isFields, 'must be an object');
const bookFields = v.object({
  default: v.optional(fields, {}),
  cylinders: v.optional(fields, {}),
  /** Where the policy comes from, as `sentinel tune` writes it: for people, it changes nothing. */
  provenance: v.optional(fields, {}),
});

/** Whether a pattern fits a name: `*` stands for any characters, everything else for itself. */
const matchesPattern = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.split('*').map(RegExp.escape).join('.*')}$`).test(name);

const prefixed = (prefix: string, faults: readonly PolicyFault[]): PolicyFault[] =>
  faults.map(({ field, message }) => ({ field: `${prefix}.${field}`, message }));

const isBook = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && ('default' in value || 'cylinders' in value);

/** The policy that remains when what was asked for does not make one: overrides are checked where they are set. */
const policyOr = (value: Fields, otherwise: Policy): Policy => {
  const reading = readPolicy(value);
  return reading.ok ? reading.policy : otherwise;
};

/** Fields laid over others; of `flapping`, which has fields of its own, each by itself. */
const mergeOverrides = (below: Fields, above: Fields): Fields => ({
  ...below,
  ...above,
  ...(isFields(below.flapping) && isFields(above.flapping)
    ? { flapping: { ...below.flapping, ...above.flapping } }
    : {}),
});

const overridable = (overrides: Fields): Fields =>
  Object.fromEntries(
    Object.entries(overrides).filter(([field]) => !NOT_OVERRIDABLE.some((fixed) => fixed === field)),
  );

const bookOf = (base: Policy, defaults: Fields, cylinders: Readonly<Record<string, Fields>>): PolicyBook => {
  const patterns = Object.entries(cylinders);
  const known = new Map<string, { text: string; policy: Policy }>();
  const patternOf = (cylinder: string): string | undefined =>
    Object.hasOwn(cylinders, cylinder)
      ? cylinder
      : patterns.findLast(([pattern]) => matchesPattern(pattern, cylinder))?.[0];
  const overridesFor = (cylinder: string): Fields | undefined => {
    const pattern = patternOf(cylinder);
    return pattern === undefined ? undefined : cylinders[pattern];
  };
  const fieldsOf = (cylinder: string): Fields => mergeOverrides(defaults, overridesFor(cylinder) ?? {});
  return {
    default: base,
    unusedPatterns: (names) => {
      const used = new Set(Array.from(names, patternOf));
      return patterns.map(([pattern]) => pattern).filter((pattern) => !used.has(pattern));
    },
    read: (cylinder, overrides) => {
      const faults = NOT_OVERRIDABLE.filter((field) => Object.hasOwn(overrides, field)).map((field) => ({
        field,
        message: 'cannot be set for one cylinder in its twin: set it in the policy',
      }));
      return faults.length > 0
        ? { ok: false, faults }
        : readPolicy(mergeOverrides(fieldsOf(cylinder), overrides));
    },
    of: (cylinder, overrides) => {
      if (cylinder === CANARY) return CANARY_POLICY;
      const text = overrides === undefined ? '' : JSON.stringify(overrides);
      const before = known.get(cylinder);
      if (before?.text === text) return before.policy;
      const its = fieldsOf(cylinder);
      const shared = overridesFor(cylinder) === undefined ? base : policyOr(its, base);
      const policy =
        overrides === undefined ? shared : policyOr(mergeOverrides(its, overridable(overrides)), shared);
      known.set(cylinder, { text, policy });
      return policy;
    },
  };
};

/**
 * Reads a policy file: `{ "default": …, "cylinders": { "press-*": … } }`, or a single policy for all. A name
 * stands before every pattern; where several patterns fit, the last of them in the file holds.
 */
export const readPolicyBook = (value: unknown): PolicyBookReading => {
  if (!isBook(value)) {
    const reading = readPolicy(value);
    if (!reading.ok) return reading;
    return { ok: true, book: bookOf(reading.policy, { ...(value as Fields) }, {}) };
  }
  const unknown = Object.keys(value)
    .filter((field) => !Object.hasOwn(bookFields.entries, field))
    .map((field) => ({ field, message: 'is no part of a policy file, which has default and cylinders' }));
  const parsed = v.safeParse(bookFields, value);
  if (!parsed.success) {
    const faults = parsed.issues.map((issue) => ({
      field: v.getDotPath(issue) ?? 'policy',
      message: issue.message,
    }));
    return { ok: false, faults: [...unknown, ...faults] };
  }
  const { default: defaults, cylinders } = parsed.output;
  const base = readPolicy(defaults);
  const faults = [
    ...unknown,
    ...(base.ok ? [] : prefixed('default', base.faults)),
    ...Object.entries(cylinders).flatMap(([pattern, overrides]) => {
      if (!isFields(overrides)) return [{ field: `cylinders.${pattern}`, message: 'must be an object' }];
      if (pattern === '__proto__') return [{ field: 'cylinders.__proto__', message: 'is no pattern' }];
      // What is wrong with the default is told once, of the default.
      const reading = readPolicy(mergeOverrides(base.ok ? defaults : {}, overrides));
      return reading.ok ? [] : prefixed(`cylinders.${pattern}`, reading.faults);
    }),
  ];
  if (!base.ok || faults.length > 0) return { ok: false, faults };
  const patterns = Object.entries(cylinders).filter((entry): entry is [string, Fields] => isFields(entry[1]));
  return { ok: true, book: bookOf(base.policy, defaults, Object.fromEntries(patterns)) };
};

/** The book that holds when no policy is given. */
export const DEFAULT_BOOK: PolicyBook = bookOf(DEFAULT_POLICY, {}, {});

/** A sound policy's fields before a period is stated, and those at it that are otherwise. */
const fieldsAtPeriod = (
  fields: Fields,
  periodMs: number,
): Readonly<{ scaled: Fields; changed: readonly string[] }> => {
  const reading = readPolicy(fields);
  const before: Fields = reading.ok ? { ...reading.policy } : {};
  const scaled: Fields = reading.ok ? { ...policyAtPeriod(reading.policy, periodMs) } : {};
  return { scaled, changed: Object.keys(scaled).filter((field) => before[field] !== scaled[field]) };
};

const picked = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, fields[name]]));

/** A sound policy file as JSON whose book is that of bookAtPeriods, at one period for all cylinders, ms. */
export const policiesAtPeriod = (value: Fields, periodMs: number): Fields => {
  const { default: defaults = {}, cylinders = {} } = isBook(value) ? value : { default: value };
  const before = isFields(defaults) ? defaults : {};
  const base = fieldsAtPeriod(before, periodMs);
  const patterns = Object.entries(isFields(cylinders) ? cylinders : {}).map(([pattern, overrides]) => {
    const its = isFields(overrides) ? overrides : {};
    const { scaled, changed } = fieldsAtPeriod(mergeOverrides(before, its), periodMs);
    // What is otherwise in the default alone is not to be laid under a pattern that has a period of its own.
    return [pattern, { ...its, ...picked(scaled, [...base.changed, ...changed]) }];
  });
  return {
    default: { ...before, ...picked(base.scaled, base.changed) },
    ...(patterns.length === 0 ? {} : { cylinders: Object.fromEntries(patterns) }),
  };
};

/** A book for cylinders of which a source states the period of their samples, ms; null where it states none. */
export const bookAtPeriods = (
  book: PolicyBook,
  periodOf: (cylinder: string) => number | null,
): PolicyBook => {
  const known = new WeakMap<Policy, Map<number, Policy>>();
  const atPeriod = (policy: Policy, periodMs: number | null): Policy => {
    if (periodMs === null || policy === CANARY_POLICY) return policy;
    const periods = known.get(policy) ?? new Map<number, Policy>();
    known.set(policy, periods);
    const scaled = periods.get(periodMs) ?? policyAtPeriod(policy, periodMs);
    periods.set(periodMs, scaled);
    return scaled;
  };
  return {
    ...book,
    of: (cylinder, overrides) => atPeriod(book.of(cylinder, overrides), periodOf(cylinder)),
    read: (cylinder, overrides) => {
      const reading = book.read(cylinder, overrides);
      return reading.ok ? { ...reading, policy: atPeriod(reading.policy, periodOf(cylinder)) } : reading;
    },
  };
};
