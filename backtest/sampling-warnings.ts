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

/** The warnings about how cylinders are sampled; those of several cylinders alike are one line. */
export const samplingWarnings = (
  spacings: ReadonlyMap<string, number | null>,
  policyOf: (cylinder: string) => Policy,
): readonly string[] => {
  const cylinders = Map.groupBy([...spacings.keys()].sort(), (cylinder) => {
    const spacingMs = spacings.get(cylinder) ?? null;
    return spacingMs === null ? null : warningOf(policyOf(cylinder), spacingMs);
  });
  return [...cylinders].flatMap(([text, its]) => (text === null ? [] : [`${its.join(', ')}: ${text}`]));
};
