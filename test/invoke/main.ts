import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { FUNCTIONS, type FunctionName } from '../event-source/function-runtime.ts';
import { deployedFunction } from './deployed-function.ts';
import { standIns } from './stand-ins.ts';

/**
 * `npm run invoke -- watch event.json …`: runs a function on captured events, one after another, and prints what it
 * answered and what it wrote. The services are the stand-ins of the tests; where AWS_ENDPOINT_URL is set, the function
 * goes there instead, with the environment that it is given.
 */

const USAGE = `usage: npm run invoke -- ${FUNCTIONS.join('|')} event.json …`;

const say = (title: string, value: unknown): void => {
  const text = inspect(value, { depth: 12, maxArrayLength: 60, breakLength: 110, compact: 4 });
  process.stdout.write(`\n── ${title}\n${text}\n`);
};

const isFunction = (name: string | undefined): name is FunctionName =>
  FUNCTIONS.some((known) => known === name);

const eventIn = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : cause;
    process.stderr.write(`${path} holds no event: ${why}\n`);
    return process.exit(1);
  }
};

const run = async (name: FunctionName, paths: readonly string[]): Promise<void> => {
  const events = paths.map((path) => [path, eventIn(path)] as const);
  const services =
    process.env.AWS_ENDPOINT_URL === undefined ? await standIns() : await deployedFunction(name);
  try {
    for (const [path, event] of events) say(`${name} answers ${path}`, await services.call(name, event));
  } finally {
    for (const [what, entries] of Object.entries(services.written()))
      if (entries.length > 0) say(what, entries);
    await services.close();
  }
};

const [name, ...paths] = process.argv.slice(2);
if (isFunction(name) && paths.length > 0) {
  await run(name, paths).catch((error: unknown) => {
    process.stderr.write(`${inspect(error)}\n`);
    process.exitCode = 1;
  });
} else {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
}
