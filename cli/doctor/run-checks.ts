import { type Check, type Finding, troubleOf, warn } from './finding.ts';

/** What a check says that could not ask: never that all is well, and never that it is not. */
const unasked = (name: string, error: unknown): Finding => {
  const { kind, message } = troubleOf(error);
  switch (kind) {
    case 'no-credentials':
    case 'bad-credentials':
      return warn(name, 'not known without credentials', 'see the check of credentials');
    case 'denied':
      return warn(
        name,
        `these credentials may not ask: ${message}`,
        'ask somebody who may, or go on without knowing',
      );
    case 'throttled':
      return warn(name, 'AWS asks to slow down', 'run sentinel doctor again in a minute');
    case 'unreachable':
      return warn(name, `no answer: ${message}`, 'check the network, a proxy, and the region');
    default:
      return warn(name, message, 'run sentinel doctor again; if it stays, look the message up');
  }
};

const within = async (limitMs: number, work: Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(Object.assign(new Error(`nothing within ${limitMs / 1000} s`), { name: 'TimeoutError' }));
  }, limitMs);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** Runs all checks at once, whatever becomes of any of them; their findings in the order of the checks. */
export const runChecks = async (checks: readonly Check[], limitMs: number): Promise<readonly Finding[]> => {
  const findings = await Promise.all(
    checks.map(({ name, run }) =>
      within(limitMs, Promise.resolve().then(run)).catch((error: unknown) => [unasked(name, error)]),
    ),
  );
  return findings.flat();
};
