import * as v from 'valibot';
import { isFields, without } from '../../fields.ts';
import { DEFAULT_POLICY, type Policy, WARM_UP_AFTER_IDLE_MS } from './policy.ts';
import { type PolicyFields, policyFields } from './policy-fields.ts';

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
