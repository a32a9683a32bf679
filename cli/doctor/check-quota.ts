import { paginateListServiceQuotas, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { type Check, type Finding, fail, ok, type Trouble, troubleOf, warn } from './finding.ts';

/** A limit of the account, by the name that Service Quotas has for it, and what AWS documents where that cannot be read. */
export type Quota = Readonly<{
  service: 'iotcore' | 'kinesis' | 'lambda' | 'dynamodb';
  name: RegExp;
  documented: number;
}>;

/** Its value, and whether that is this account's own or only what AWS documents. */
export type QuotaValue = Readonly<{ value: number; trouble: Trouble | null }>;

type Named = ReadonlyMap<string, number>;

const list = async (client: ServiceQuotasClient, ServiceCode: string): Promise<Named> => {
  const named = new Map<string, number>();
  for await (const { Quotas = [] } of paginateListServiceQuotas({ client, pageSize: 100 }, { ServiceCode })) {
    for (const { QuotaName, Value } of Quotas)
      if (QuotaName !== undefined && Value !== undefined) named.set(QuotaName, Value);
  }
  return named;
};

/** Reads quotas, each service's list once. Never rejects: what cannot be read has the documented value and says why. */
export const createQuotas = (client: ServiceQuotasClient) => {
  const lists = new Map<string, Promise<Named>>();

  return async ({ service, name, documented }: Quota): Promise<QuotaValue> => {
    const asked = lists.get(service) ?? list(client, service);
    lists.set(service, asked);
    try {
      const found = [...(await asked)].find(([quota]) => name.test(quota));
      return found === undefined
        ? { value: documented, trouble: { kind: 'not-listed', message: 'not listed' } }
        : { value: found[1], trouble: null };
    } catch (error) {
      return { value: documented, trouble: troubleOf(error) };
    }
  };
};

export type Quotas = ReturnType<typeof createQuotas>;

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
        `not all read of ${services} (${why.kind.replace('-', ' ')}): AWS's documented defaults stand in`,
        'allow servicequotas:ListServiceQuotas, or compare at Service Quotas in the AWS console',
      ),
    ];
  },
});
