import { type Check, type Finding, fail, ok, warn } from './finding.ts';

const NAME = 'Region';

/** The region that a deploy goes to: what was asked for, or what `sls` would take. */
export type AskedRegion = Readonly<{ region: string; from: string | null }>;

/** Finds the region as `sls` does: an option, AWS_REGION, AWS_DEFAULT_REGION, or us-east-1. */
export const regionOf = (
  option: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): AskedRegion => {
  if (option) return { region: option, from: '--region' };
  if (environment.AWS_REGION) return { region: environment.AWS_REGION, from: 'AWS_REGION' };
  if (environment.AWS_DEFAULT_REGION)
    return { region: environment.AWS_DEFAULT_REGION, from: 'AWS_DEFAULT_REGION' };
  return { region: 'us-east-1', from: null };
};

const finding = ({ region, from }: AskedRegion): Finding => {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    return fail(NAME, `${region}, which is none`, 'write a region as eu-central-1');
  return from === null
    ? warn(
        NAME,
        `not set: sls deploy takes ${region}`,
        'export AWS_REGION=… if that is not where you want it',
      )
    : ok(NAME, `${region}, from ${from}`);
};

export const checkRegion = (asked: AskedRegion): Check => ({
  name: NAME,
  run: () => Promise.resolve([finding(asked)]),
});
