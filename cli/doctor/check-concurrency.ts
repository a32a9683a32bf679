import type { Quota, Quotas, QuotaValue } from './check-quota.ts';
import { type Check, type Finding, fail, ok, warn } from './finding.ts';

const NAME = 'Lambda concurrency';

export const CONCURRENCY: Quota = { service: 'lambda', name: /^Concurrent executions$/i, documented: 1000 };

/** What infra/reserve-on.yml sets aside for each function, in all, and what AWS wants to be left for all others. */
export const RESERVATIONS = { store: 25, watch: 25, command: 5, sweep: 1 } as const;
export const RESERVED = Object.values(RESERVATIONS).reduce((sum, count) => sum + count, 0);
const LEFT_OVER = 100;

const raise = 'ask for more at Service Quotas in the AWS console (Lambda, Concurrent executions)';

/** What the account's limit means: new accounts have 10, of which nothing can be reserved. */
export const concurrencyFinding = (
  { value, trouble }: QuotaValue,
  needed: number,
  reserve: 'on' | 'off',
): Finding => {
  const found = `${value} at once, of which some ${needed} are needed`;
  if (trouble !== null)
    return warn(
      NAME,
      `${found}: AWS's documented default, the account's own could not be read (${trouble.kind.replace('-', ' ')})`,
      'new accounts have 10: if this is one, deploy with --param reserve=off',
    );
  if (reserve === 'on' && value < RESERVED + LEFT_OVER)
    return fail(
      NAME,
      `${value} at once, and AWS refuses to reserve ${RESERVED} of them`,
      `deploy with --param reserve=off, and ${raise}`,
    );
  return needed > value ? fail(NAME, found, raise) : ok(NAME, found);
};

type Needs = Readonly<Record<keyof typeof RESERVATIONS, number>>;

/** Which functions' reservations are less than the plant needs at its peaks; nothing where all are enough. */
export const reservationFindings = (needs: Needs): readonly Finding[] => {
  const names = ['store', 'watch', 'command', 'sweep'] as const;
  const short = names.filter((name) => needs[name] > RESERVATIONS[name]);
  if (short.length === 0) return [];
  const found = short.map((name) => `${name} has ${RESERVATIONS[name]} and needs ${needs[name]}`).join(', ');
  return [
    warn(
      'Reserved concurrency',
      `${found}: what is beyond waits, and is told late`,
      'larger numbers in infra/reserve-on.yml, more samples in a message, or --param reserve=off',
    ),
  ];
};

export const checkConcurrency = (
  quotas: Quotas,
  needed: number,
  reserve: 'on' | 'off',
  needs: Needs,
): Check => ({
  name: NAME,
  run: async () => [
    concurrencyFinding(await quotas(CONCURRENCY), needed, reserve),
    ...(reserve === 'on' ? reservationFindings(needs) : []),
  ],
});
