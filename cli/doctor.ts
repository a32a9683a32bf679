import { Command, Option } from 'commander';
import { DEFAULT_INGEST, INGEST_WAYS } from '../cost/plan.ts';
import { allChecks, awsClients, type Intent } from './doctor/all-checks.ts';
import { regionOf } from './doctor/check-account.ts';
import { npmVersion } from './doctor/check-local.ts';
import { type Check, type Finding, type Status, troubleOf, warn } from './doctor/finding.ts';
import type { AwsOptions } from './options/aws-options.ts';
import { name, wholeNumber } from './options/option-value.ts';
import { write, writeLine } from './terminal/output.ts';

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

const COLOUR: Readonly<Record<Status, number>> = { ok: 32, warn: 33, fail: 31 };

const sums = (findings: readonly Finding[]): string => {
  const count = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  const [fails, warns] = [count('fail'), count('warn')];
  if (fails > 0) return `${fails} to put right before a deploy, ${warns} to know of.`;
  return warns > 0 ? `Ready to deploy; ${warns} to know of.` : 'Ready to deploy.';
};

/** The findings as a table, with what to do below each that needs it; in colours where asked for. */
export const doctorReport = (findings: readonly Finding[], colours: boolean): string => {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const mark = (status: Status): string => {
    const text = status.padEnd(4);
    return colours ? `\u001b[${COLOUR[status]}m${text}\u001b[0m` : text;
  };
  const lines = findings.flatMap(({ check, status, found, advice }) => [
    `${mark(status)}  ${check.padEnd(width)}  ${found}`,
    ...(advice === null ? [] : [`${' '.repeat(width + 8)}→ ${advice}`]),
  ]);
  return `${[...lines, '', sums(findings)].join('\n')}\n`;
};

type Options = Intent & AwsOptions & Readonly<{ json?: boolean }>;

/** No check takes longer than this, whatever its service does. */
const LIMIT_MS = 15_000;

const action = async ({ json, ...options }: Options): Promise<void> => {
  const asked = regionOf(options.region, process.env);
  const clients = awsClients({ ...options, region: asked.region });
  const machine = { node: process.version, npm: npmVersion };
  const findings = await runChecks(allChecks(options, machine, asked, clients), LIMIT_MS);
  const failed = findings.some(({ status }) => status === 'fail');
  if (json) writeLine(JSON.stringify({ ready: !failed, findings }, null, 2));
  else write(doctorReport(findings, process.stdout.isTTY === true && !process.env.NO_COLOR));
  process.exitCode = failed ? 1 : 0;
};

/** `sentinel doctor`: whether a deploy would go through here, and what to do where it would not. Exit code 1 if not. */
export const doctorCommand = (): Command =>
  new Command('doctor')
    .description('check before a deploy: credentials, region, services, quotas, and what was asked for')
    .option('--cylinders <n>', 'cylinders of the plant', wholeNumber(1, 1_000_000), 10)
    .option('--edge-batch <n>', 'samples in a message', wholeNumber(1, 10), 10)
    .addOption(
      new Option('--ingest <way>', 'as in --param ingest').choices(INGEST_WAYS).default(DEFAULT_INGEST),
    )
    .addOption(
      new Option('--store <store>', 'as in --param store')
        .choices(['timestream', 'lake', 'existing'])
        .default('timestream'),
    )
    .addOption(
      new Option('--greengrass <mode>', 'as in --param greengrass').choices(['on', 'off']).default('off'),
    )
    .addOption(new Option('--reserve <mode>', 'as in --param reserve').choices(['on', 'off']).default('on'))
    .option('--alert-email <addresses>', 'as in --param alertEmail')
    .option('--alert-sms <numbers>', 'as in --param alertSms')
    .option(
      '--gateway <name>',
      'also whether this gateway’s certificate may do what it must, and no more',
      name,
    )
    .option('--topic-prefix <levels>', 'as in --param topicPrefix, with --gateway')
    .option('--alert-topic <arn>', 'as in --param alertTopic')
    .option('--policy <file>', 'as in --param policy')
    .option('--region <region>', 'where to deploy to (default: AWS_REGION)')
    .option('--profile <name>', 'the profile of your AWS credentials')
    .option('--endpoint <url>', 'an emulator in place of AWS')
    .option('--json', 'the same as JSON')
    .action(action);
