import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { createReplay } from '../../domain/alarm/plant.ts';
import { compareOutputs } from './compare-outputs.ts';
import { replayOracle } from './oracle.ts';

const folder = new URL('../fixture/replay/', import.meta.url);

const readLines = (name: string): object[] =>
  readFileSync(new URL(name, folder), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const replayed = (lines: readonly object[]): object[] => {
  const replay = createReplay();
  return lines.flatMap((line) => {
    const step = replay(line);
    assert.ok(step.ok, 'the examples hold no line that is not one of a recording');
    return [...step.lines];
  });
};

test('the alarm gives the exact output of all example streams', () => {
  const actual = replayed(readLines('examples.in.jsonl'));
  assert.equal(compareOutputs(readLines('examples.out.jsonl'), actual), null);
});

test('the oracle gives the exact output of all example streams', () => {
  const actual = replayOracle(readLines('examples.in.jsonl'));
  assert.equal(compareOutputs(readLines('examples.out.jsonl'), actual), null);
});
