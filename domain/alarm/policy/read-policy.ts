import * as v from 'valibot';
import { isFields, without } from '../../fields.ts';
import { SENSORS } from '../../message/sample.ts';
import { DEFAULT_POLICY, type Policy, WARM_UP_AFTER_IDLE_MS } from './policy.ts';

const NO_TIME = 'must be a whole number of milliseconds, 0 or more';
const NO_RATIO = 'must be a number from 0 to 1';

const time = v.pipe(v.number(NO_TIME), v.safeInteger(NO_TIME), v.minValue(0, NO_TIME));
const ratio = v.pipe(v.number(NO_RATIO), v.minValue(0, NO_RATIO), v.maxValue(1, NO_RATIO));
const wholeNumber = (least: number) => {
  const message = `must be a whole number, ${least} or more`;
  return v.pipe(v.number(message), v.safeInteger(message), v.minValue(least, message));
};
const name = v.pipe(v.string('must be a name'), v.nonEmpty('must be a name'));

const level = v.strictObject({ severity: name, afterMs: time, clearHoldMs: time });
const idle = v.strictObject({
  sensor: v.picklist(SENSORS, `must be one of ${SENSORS.join(', ')}`),
  below: v.pipe(v.number('must be a number'), v.finite('must be a number')),
});

/** A policy as it is written: whatever is left out has its default. */
const policyFields = v.strictObject({
  samplePeriodMs: v.optional(wholeNumber(1)),
  latenessMs: v.optional(time),
  windowMs: v.optional(time),
  threshold: v.optional(ratio),
  raiseRatio: v.optional(ratio),
  clearRatio: v.optional(ratio),
  minCoverage: v.optional(ratio),
  levels: v.optional(
    v.pipe(v.array(level, 'must be a list of levels'), v.nonEmpty('must name at least one level')),
  ),
  notifyFrom: v.optional(name),
  reopenWithinMs: v.optional(time),
  flapping: v.optional(
    v.strictObject({ reopenings: v.optional(wholeNumber(1)), withinMs: v.optional(time) }),
  ),
  remind: v.optional(v.record(name, time)),
  maxReminders: v.optional(wholeNumber(0)),
  staleAfterMs: v.optional(time),
  offlineAfterMs: v.optional(time),
  futureToleranceMs: v.optional(time),
  historicalAfterMs: v.optional(time),
  idle: v.optional(v.nullable(idle)),
  warmUpMs: v.optional(time),
  maxShelveMs: v.optional(time),
  maxMaintenanceMs: v.optional(time),
});

type PolicyFields = v.InferOutput<typeof policyFields>;

/** What is wrong with a policy: the field as a path (`levels.1.afterMs`) and a sentence about it. */
export type PolicyFault = Readonly<{ field: string; message: string }>;

/** What is wrong, in one line. */
export const faultsText = (faults: readonly PolicyFault[]): string =>
  faults.map(({ field, message }) => `${field} ${message}`).join('; ');

export type PolicyReading =
  | Readonly<{ ok: true; policy: Policy }>
  | Readonly<{ ok: false; faults: readonly PolicyFault[] }>;

/** The most slots that a window and a wait may span: beyond this no state would hold them. */
const MAX_SLOTS = 1_000_000;

const named = (severities: readonly string[], remind: Policy['remind']): Policy['remind'] =>
  Object.fromEntries(Object.entries(remind).filter(([severity]) => severities.includes(severity)));

const withDefaults = (fields: PolicyFields): Policy => {
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const levels = fields.levels ?? DEFAULT_POLICY.levels;
  const severities = levels.map(({ severity }) => severity);
  const isIdleGiven = fields.idle !== undefined && fields.idle !== null;
  return {
    ...DEFAULT_POLICY,
    ...given,
    flapping: {
      reopenings: fields.flapping?.reopenings ?? DEFAULT_POLICY.flapping.reopenings,
      withinMs: fields.flapping?.withinMs ?? DEFAULT_POLICY.flapping.withinMs,
    },
    remind: fields.remind ?? named(severities, DEFAULT_POLICY.remind),
    warmUpMs: fields.warmUpMs ?? (isIdleGiven ? WARM_UP_AFTER_IDLE_MS : DEFAULT_POLICY.warmUpMs),
  };
};

const levelFaults = ({ levels }: Policy): PolicyFault[] =>
  levels.flatMap(({ severity, afterMs }, index) => {
    const before = levels[index - 1];
    const faults: PolicyFault[] = [];
    if (before === undefined && afterMs !== 0) {
      faults.push({ field: 'levels.0.afterMs', message: 'must be 0: the first level is reached at once' });
    }
    if (before !== undefined && afterMs < before.afterMs) {
      faults.push({
        field: `levels.${index}.afterMs`,
        message: 'must not be before the level above it in the list',
      });
    }
    if (levels.findIndex((other) => other.severity === severity) < index) {
      faults.push({ field: `levels.${index}.severity`, message: `names ${severity} twice` });
    }
    return faults;
  });

const slotFaults = (policy: Policy): PolicyFault[] => {
  const { samplePeriodMs, windowMs, latenessMs } = policy;
  const faults: PolicyFault[] = [];
  if (windowMs % samplePeriodMs !== 0 || windowMs === 0) {
    faults.push({ field: 'windowMs', message: `must be whole slots of ${samplePeriodMs} ms, at least one` });
  }
  if (windowMs / samplePeriodMs > MAX_SLOTS) {
    faults.push({
      field: 'windowMs',
      message: `must span at most ${MAX_SLOTS} slots of ${samplePeriodMs} ms`,
    });
  }
  if (latenessMs < samplePeriodMs) {
    faults.push({ field: 'latenessMs', message: `must be at least samplePeriodMs, ${samplePeriodMs} ms` });
  }
  if (latenessMs / samplePeriodMs > MAX_SLOTS) {
    faults.push({
      field: 'latenessMs',
      message: `must span at most ${MAX_SLOTS} slots of ${samplePeriodMs} ms`,
    });
  }
  return faults;
};

const crossFaults = (policy: Policy): PolicyFault[] => {
  const { clearRatio, raiseRatio, notifyFrom, remind, levels, staleAfterMs, offlineAfterMs } = policy;
  const severities = levels.map(({ severity }) => severity);
  const faults = [...slotFaults(policy), ...levelFaults(policy)];
  if (!(clearRatio > 0 && clearRatio < raiseRatio)) {
    faults.push({ field: 'clearRatio', message: `must be above 0 and below raiseRatio, ${raiseRatio}` });
  }
  if (!severities.includes(notifyFrom)) {
    faults.push({ field: 'notifyFrom', message: `names no level; the levels are ${severities.join(', ')}` });
  }
  if (offlineAfterMs < staleAfterMs) {
    faults.push({ field: 'offlineAfterMs', message: `must be at least staleAfterMs, ${staleAfterMs} ms` });
  }
  for (const severity of Object.keys(remind)) {
    if (severities.includes(severity)) continue;
    faults.push({
      field: `remind.${severity}`,
      message: `names no level; the levels are ${severities.join(', ')}`,
    });
  }
  return faults;
};

const NO_FIELD = 'is not a field of a policy: check the spelling';

const faultOf = (issue: v.BaseIssue<unknown>): PolicyFault => {
  const field = v.getDotPath(issue) ?? 'policy';
  if (issue.type !== 'strict_object') return { field, message: issue.message };
  if (issue.expected === 'never') return { field, message: NO_FIELD };
  return { field, message: `must be there: ${issue.message}` };
};

/** Reads a policy from a JSON value, fills in the defaults and checks every rule; the faults name their fields. */
export const readPolicy = (value: unknown): PolicyReading => {
  if (Array.isArray(value)) return { ok: false, faults: [{ field: 'policy', message: 'must be an object' }] };
  // Told with all that is wrong beside them: the schema would stop at the first.
  const misspelt = isFields(value)
    ? Object.keys(value).filter((field) => !Object.hasOwn(policyFields.entries, field))
    : [];
  const unknown = misspelt.map((field) => ({ field, message: NO_FIELD }));
  const parsed = v.safeParse(policyFields, isFields(value) ? without(value, misspelt) : value);
  if (!parsed.success) return { ok: false, faults: [...unknown, ...parsed.issues.map(faultOf)] };
  const policy = withDefaults(parsed.output);
  const faults = [...unknown, ...crossFaults(policy)];
  return faults.length > 0 ? { ok: false, faults } : { ok: true, policy };
};
