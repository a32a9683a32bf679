import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const STACK = 'cylinder-sentinel-dev';

type Name =
  | 'async-record'
  | 'rule-error'
  | 'rule-error-desired'
  | 'failed-kinesis-batch'
  | 'failed-dynamodb-batch';

/** What a service wrote when something failed, as text. */
export const fixtureText = (name: Name): string =>
  readFileSync(join(import.meta.dirname, 'fixture', `${name}.json`), 'utf8');

export const fixture = (name: Name) => JSON.parse(fixtureText(name));
