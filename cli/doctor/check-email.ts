import { type Check, type Finding, fail, ok, warn } from './finding.ts';
import { listed } from './listed.ts';

const NAME = 'E-mail';

const isAddress = (text: string): boolean => /^[^\s@,]+@[^\s@,]+\.[^\s@.,]{2,}$/.test(text);

const finding = (addresses: readonly string[]): Finding => {
  if (addresses.length === 0)
    return warn(NAME, 'nobody would get notices by e-mail', 'deploy with --param alertEmail=you@example.com');
  const odd = addresses.filter((address) => !isAddress(address));
  return odd.length > 0
    ? fail(NAME, `${odd.join(', ')}: no address`, 'write it as ops@example.com, several with commas')
    : ok(NAME, `${addresses.join(', ')}; each gets a message from AWS to confirm`);
};

/** Whether somebody would get notices by e-mail. */
export const checkEmail = (alertEmail: string | undefined): Check => ({
  name: NAME,
  run: () => Promise.resolve([finding(listed(alertEmail ?? ''))]),
});
