import { costOf } from '../../../cost/cost.ts';
import { PRICE_LIST } from '../../../cost/line-items.ts';
import { MONTH_S } from '../../../cost/traffic.ts';

/** What somebody allowed who has an account: which one, where in it, and what it may cost at most. */
export type Permit = Readonly<{ account: string; region: string; maxUsd: number; estimatedUsd: number }>;

/** Longer than any run takes that is not given up. */
const HOURS = 4;
/** Far more than the suite sends, a sample a second each. */
const CYLINDERS = 20;

/**
 * The most that a run costs, US dollars at list prices: some hours of a small plant. What CloudWatch has by the month is
 * taken for a whole one.
 */
export const estimatedUsd = (): number => {
  const { items } = costOf(
    { cylinders: CYLINDERS, store: 'lake', publish: 'topic', tracing: 'on', incidents: 1000, emails: 0 },
    PRICE_LIST,
  );
  const share = (HOURS * 3600) / MONTH_S;
  return items.reduce(
    (sum, { service, what, total }) =>
      sum + (service === 'CloudWatch' && what !== 'logs' ? total : total * share),
    0,
  );
};

const HOW = `Say which account and how much: SENTINEL_ACCOUNT=<12 digits> SENTINEL_MAX_USD=<dollars> AWS_REGION=<region> npm run test:account
(docs/first-real-account.md).`;

/** Reads what was allowed; throws with what is missing before anything is asked of AWS. */
export const permitOf = (env: Readonly<Record<string, string | undefined>>): Permit => {
  const { CI = '', SENTINEL_ACCOUNT = '', SENTINEL_MAX_USD = '', AWS_REGION = '' } = env;
  const estimate = estimatedUsd();
  const refuse = (why: string): never => {
    throw new Error(`${why}\n${HOW}`);
  };
  if (CI !== '' && CI !== 'false')
    refuse('No run on an account in CI: it costs money, and leaves things on failure.');
  if (!/^\d{12}$/.test(SENTINEL_ACCOUNT)) refuse('No account is named.');
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(AWS_REGION)) refuse('No region is named.');
  if (!/^\d+(\.\d+)?$/.test(SENTINEL_MAX_USD)) refuse('No maximum is named, in US dollars.');
  const maxUsd = Number(SENTINEL_MAX_USD);
  if (estimate > maxUsd)
    refuse(
      `A run may cost $${estimate.toFixed(2)} (list prices of ${PRICE_LIST.region}), more than $${maxUsd}.`,
    );
  return { account: SENTINEL_ACCOUNT, region: AWS_REGION, maxUsd, estimatedUsd: estimate };
};

/** Throws where the credentials are those of another account than the one that was named. */
export const requireAccount = ({ account }: Permit, actual: string | undefined): void => {
  if (actual !== account)
    throw new Error(
      `These are credentials of the account ${actual ?? '?'}, and ${account} was named. Nothing was done.`,
    );
};
