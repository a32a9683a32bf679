import { paginateListServiceQuotas, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { type Trouble, troubleOf } from './trouble.ts';

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
        ? { value: documented, trouble: { kind: 'other', message: 'not listed' } }
        : { value: found[1], trouble: null };
    } catch (error) {
      return { value: documented, trouble: troubleOf(error) };
    }
  };
};

export type Quotas = ReturnType<typeof createQuotas>;
