import type { Policy } from './policy.ts';

/** Fields of a policy that would fit how a cylinder is sampled, where those that hold do not. */
export type SamplingFit = Readonly<{
  /** Several samples fall into a slot, or many slots get none. */
  kind: 'several' | 'thin';
  /** Samples in a slot on average. */
  perSlot: number;
  /** Only what has to change. */
  fields: Partial<
    Pick<Policy, 'samplePeriodMs' | 'latenessMs' | 'windowMs' | 'staleAfterMs' | 'offlineAfterMs'>
  >;
}>;

/** Samples that come a little sooner or later than the period still fit it. */
const SEVERAL_BELOW = 0.75;
const THIN_ABOVE = 1.25;

/** A period a little above the spacing still holds one sample a slot. */
const SLACK = 1.05;

/** In a window of fewer slots one sample decides. */
const LEAST_SLOTS = 10;

const changedFrom = (policy: Slots, fields: SamplingFit['fields']): SamplingFit['fields'] => {
  const before: Readonly<Record<string, unknown>> = policy;
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => before[name] !== value));
};

const wholeSlots = (windowMs: number, periodMs: number): number => Math.ceil(windowMs / periodMs) * periodMs;

/** How slots and window are cut. */
type Slots = Pick<Policy, 'samplePeriodMs' | 'windowMs'>;

const finer = ({ windowMs }: Slots, spacingMs: number): SamplingFit['fields'] => {
  let slots = Math.ceil(windowMs / (spacingMs * SLACK));
  while (windowMs % slots !== 0 && windowMs / slots > spacingMs / 2) slots += 1;
  if (windowMs % slots === 0) return { samplePeriodMs: windowMs / slots };
  const samplePeriodMs = Math.max(1, Math.floor(spacingMs));
  return { samplePeriodMs, windowMs: wholeSlots(windowMs, samplePeriodMs) };
};

const coarser = (policy: Policy, samplePeriodMs: number): SamplingFit['fields'] => {
  const staleAfterMs = Math.max(policy.staleAfterMs, 2 * samplePeriodMs);
  return {
    samplePeriodMs,
    latenessMs: Math.max(policy.latenessMs, samplePeriodMs),
    windowMs: wholeSlots(Math.max(policy.windowMs, LEAST_SLOTS * samplePeriodMs), samplePeriodMs),
    staleAfterMs,
    offlineAfterMs: Math.max(policy.offlineAfterMs, staleAfterMs),
  };
};

/** What would fit a cylinder with one sample each `spacingMs`, where several fall into a slot; null where they do not. */
export const severalFit = (policy: Slots, spacingMs: number): SamplingFit | null =>
  spacingMs <= SEVERAL_BELOW * policy.samplePeriodMs
    ? {
        kind: 'several',
        perSlot: policy.samplePeriodMs / spacingMs,
        fields: changedFrom(policy, finer(policy, spacingMs)),
      }
    : null;

/** What of a policy does not fit a cylinder with one sample each `spacingMs`, and what would; null where it fits. */
export const samplingFit = (policy: Policy, spacingMs: number): SamplingFit | null => {
  if (spacingMs < THIN_ABOVE * policy.samplePeriodMs) return severalFit(policy, spacingMs);
  const perSlot = policy.samplePeriodMs / spacingMs;
  return {
    kind: 'thin',
    perSlot,
    fields: changedFrom(policy, coarser(policy, Math.round(Number(spacingMs.toPrecision(2))))),
  };
};

/**
 * A policy whose slots are as long as one sample takes, where a source states it, ms: the window stays whole slots, ten of
 * them at least where they grow, and what waits for samples waits long enough.
 */
export const policyAtPeriod = (policy: Policy, periodMs: number): Policy => {
  const samplePeriodMs = Math.max(1, Math.round(periodMs));
  if (samplePeriodMs > policy.samplePeriodMs) return { ...policy, ...coarser(policy, samplePeriodMs) };
  if (samplePeriodMs === policy.samplePeriodMs) return policy;
  return { ...policy, samplePeriodMs, windowMs: wholeSlots(policy.windowMs, samplePeriodMs) };
};
