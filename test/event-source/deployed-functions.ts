import { readFileSync } from 'node:fs';
import type { AsyncSettings } from './async-source.ts';

const text = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');

const number = (block: string, name: string): number => {
  const value = new RegExp(`^ {6}${name}: (\\d+)$`, 'm').exec(block)?.[1];
  if (value === undefined) throw new Error(`serverless.yml sets no ${name}`);
  return Number(value);
};

/** How asynchronous calls of a function are retried, as serverless.yml deploys it. */
export const deployedCalls = (name: string): AsyncSettings => {
  const [, block = ''] = new RegExp(`^ {2}(?:- | {2})${name}:\\n((?:(?: {6}.*)?\\n)+)`, 'm').exec(text) ?? [];
  if (!/destinations: (&deadLetters|\*deadLetters)/.test(block))
    throw new Error(`calls of ${name} that are given up go nowhere from which they could be replayed`);
  return {
    functionName: name,
    maximumRetryAttempts: number(block, 'maximumRetryAttempts'),
    maximumEventAgeMs: number(block, 'maximumEventAge') * 1000,
  };
};
