import type { Policy } from '../domain/alarm/policy/policy.ts';
import { samplingFit } from '../domain/alarm/policy/sampling-fit.ts';

const shortly = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What is wrong with a policy for a cylinder that is sampled each `spacingMs`, with what would fit; null where it fits. */
const warningOf = (policy: Policy, spacingMs: number): string | null => {
  const fit = samplingFit(policy, spacingMs);
  if (fit === null) return null;
  const { samplePeriodMs, minCoverage } = policy;
  const fitting = `a policy that fits: ${JSON.stringify(fit.fields)}`;
  if (fit.kind === 'several') {
    const several = Number(fit.perSlot.toFixed(1));
    return `${several} samples a slot (one each ${shortly(spacingMs)}, samplePeriodMs is ${samplePeriodMs}): a slot is abnormal if any of them is; ${fitting}`;
  }
  const thin = `one sample each ${shortly(spacingMs)} where a slot is ${shortly(samplePeriodMs)}`;
  const covered = `${percent(fit.perSlot)} of the window is covered`;
  return fit.perSlot < minCoverage
    ? `${thin}: too thin to judge, ${covered} and minCoverage asks for ${percent(minCoverage)}; ${fitting}`
    : `${thin}: thin, ${covered}; ${fitting}`;
};

/** The step between samples of each cylinder, ms; null where there is one sample only. */
type Spacings = ReadonlyMap<string, number | null>;

/** The warnings about how cylinders are sampled; those of several cylinders alike are one line. */
export const samplingWarnings = (
  spacings: Spacings,
  policyOf: (cylinder: string) => Policy,
): readonly string[] => {
  const cylinders = Map.groupBy([...spacings.keys()].sort(), (cylinder) => {
    const spacingMs = spacings.get(cylinder) ?? null;
    return spacingMs === null ? null : warningOf(policyOf(cylinder), spacingMs);
  });
  return [...cylinders].flatMap(([text, its]) => {
    if (text === null) return [];
    // Rows that name no cylinder are of the file's.
    const who = its.filter((cylinder) => cylinder !== '').join(', ');
    return [who === '' ? text : `${who}: ${text}`];
  });
};

/**
 * Why a recording cannot be judged under a policy: it has fewer samples than slots, so that the alarm would be slow or
 * deaf, and what would fit; null where it can.
 */
export const thinFault = (
  file: string,
  spacings: Spacings,
  policyOf: (cylinder: string) => Policy,
): string | null => {
  const thin = [...spacings].filter(([cylinder, spacingMs]) => {
    return spacingMs !== null && samplingFit(policyOf(cylinder), spacingMs)?.kind === 'thin';
  });
  if (thin.length === 0) return null;
  const lines = samplingWarnings(new Map(thin), policyOf);
  return `${file} does not fit the policy: ${lines.join('; ')} (a file for --policy, or a map with this period)`;
};
