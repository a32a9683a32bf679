import { paginateListServiceQuotas, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { LAMBDA_MEMORY_GB, LEDGER_UTILISATION } from '../../cost/assumed.ts';
import { callsOf } from '../../cost/calls.ts';
import type { Plan } from '../../cost/plan.ts';
import { streamOf } from '../../cost/traffic.ts';
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

/** What comes in bursts when gateways come back after an outage. */
const PEAK = 3;

/** Executions at once that a plan needs on average, with room for its peaks. */
export const concurrencyOf = (plan: Plan): number => {
  const { store, watch, twin } = callsOf(plan, 1).lambdaGbSeconds;
  return Math.ceil((PEAK * (store + watch + twin)) / LAMBDA_MEMORY_GB) + 3;
};

/** Executions at once that functions with a reservation of their own need at the peaks of a plan. */
export const functionNeeds = (
  plan: Plan,
): Readonly<Record<'store' | 'watch' | 'command' | 'sweep', number>> => {
  const { store, watch, command, sweep } = callsOf(plan, 1).lambdaGbSeconds;
  const atOnce = (gbSeconds: number): number => Math.max(1, Math.ceil(gbSeconds / LAMBDA_MEMORY_GB));
  // A sweep comes each minute, whatever happens: it has no peak.
  return {
    store: atOnce(PEAK * store),
    watch: atOnce(PEAK * watch),
    command: atOnce(PEAK * command),
    sweep: atOnce(sweep),
  };
};

/** The quotas that the size of a plant can run into, with what it needs of each. AWS documents more in large regions. */
export const plantNeeds = (plan: Plan): readonly Need[] => {
  const { published, ruleTriggers, shadowUpdates, ledgerWriteUnits } = callsOf(plan, 1);
  const gateways = Math.ceil(plan.cylinders / plan.cylindersPerGateway);
  const iot = (check: string, name: RegExp, documented: number, needed: number): Need => ({
    check: `IoT ${check}`,
    quota: { service: 'iotcore', name, documented },
    needed: PEAK * needed,
    unit: 'a second',
  });
  const needs: Need[] = [
    iot('publishes', /^Inbound publish requests per second per account/i, 2000, published),
    iot('publishes of a gateway', /^Publish requests per second per connection/i, 100, published / gateways),
    iot('rule evaluations', /^Rule evaluations per second/i, 2000, ruleTriggers),
    iot('shadow requests', /^Device Shadow API requests/i, 400, shadowUpdates),
    {
      check: 'Ledger writes',
      quota: { service: 'dynamodb', name: /table.*write throughput/i, documented: 40_000 },
      needed: (PEAK * ledgerWriteUnits) / LEDGER_UTILISATION,
      unit: 'write units a second',
    },
  ];
  if (plan.ingest === 'stream')
    needs.push({
      check: 'Kinesis shards',
      quota: { service: 'kinesis', name: /^Shards per Region/i, documented: 200 },
      needed: streamOf(plan).shards,
      unit: 'shards',
    });
  return needs;
};
