import assert from 'node:assert/strict';
import { test } from 'node:test';
import { costCommand } from '../../../cli/cost.ts';
import { edgeCommand } from '../../../cli/edge.ts';
import { labelsCommand } from '../../../cli/labels.ts';
import { parseDuration } from '../../../cli/options/option-value.ts';
import { queryCommand } from '../../../cli/query.ts';
import { reportCommand } from '../../../cli/report.ts';
import { sendCommand } from '../../../cli/send.ts';
import { simulateCommand } from '../../../cli/simulate.ts';

const COMMANDS = [
  costCommand,
  edgeCommand,
  labelsCommand,
  queryCommand,
  reportCommand,
  sendCommand,
  simulateCommand,
];

for (const command of COMMANDS) {
  const { options, name } = { options: command().options, name: command().name() };
  test(`the help of ${name} writes the defaults of durations as they can be given`, () => {
    for (const { flags, defaultValue, defaultValueDescription } of options) {
      if (!flags.endsWith('<duration>') || defaultValue === undefined) continue;
      const written = defaultValueDescription ?? String(defaultValue);
      assert.equal(parseDuration(written), defaultValue, `${flags} (default: ${written})`);
    }
  });
}
