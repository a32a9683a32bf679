import { type Check, type Finding, fail, ok, warn } from './finding.ts';
import type { Quota, Quotas, QuotaValue } from './quota.ts';

/** So many units of a quota are needed, in words for people. */
export type Need = Readonly<{ check: string; quota: Quota; needed: number; unit: string }>;

/** More than this share of a quota leaves too little for what else the account does. */
const TIGHT = 0.7;

const count = (number: number): string => number.toLocaleString('en-US', { maximumFractionDigits: 1 });

const ask = 'ask for more at Service Quotas in the AWS console, which may take days';

/** What a quota means for a need. Where it could not be read, the documented value stands in and is called so. */
export const quotaFinding = ({ check, needed, unit }: Need, { value, trouble }: QuotaValue): Finding => {
  const source = trouble === null ? '' : " (AWS's documented default)";
  const found = `needs ${count(needed)} of ${count(value)} ${unit}${source}`;
  if (needed > value) return trouble === null ? fail(check, found, ask) : warn(check, found, ask);
  return needed > value * TIGHT ? warn(check, `${found}: tight`, ask) : ok(check, found);
};

export const checkQuota = (quotas: Quotas, need: Need): Check => ({
  name: need.check,
  run: async () => [quotaFinding(need, await quotas(need.quota))],
});

const NAME = 'Service quotas';

/** Says once which services' quotas could not be read, and why; nothing where all could. */
export const checkReadable = (quotas: Quotas, all: readonly Quota[]): Check => ({
  name: NAME,
  run: async () => {
    const values = await Promise.all(
      all.map(async (quota) => ({ service: quota.service, ...(await quotas(quota)) })),
    );
    const unread = values.filter(({ trouble }) => trouble !== null);
    const why = unread[0]?.trouble;
    if (why == null) return [];
    const services = [...new Set(unread.map(({ service }) => service))].join(', ');
    return [
      warn(
        NAME,
        `not all read of ${services} (${why.kind}): AWS's documented defaults stand in`,
        'allow servicequotas:ListServiceQuotas, or compare at Service Quotas in the AWS console',
      ),
    ];
  },
});
