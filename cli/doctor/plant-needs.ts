import { LAMBDA_MEMORY_GB, LEDGER_UTILISATION } from '../../cost/assumed.ts';
import { callsOf } from '../../cost/calls.ts';
import type { Plan } from '../../cost/plan.ts';
import { streamOf } from '../../cost/traffic.ts';
import type { Need } from './check-quota.ts';

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
