import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { Command } from 'commander';
import { exitCodeOf, explainErrors } from '../../../cli/terminal/usage-error.ts';

/** Calls a program that has a command `go` with a command `far` below it; what it said and its exit code. */
const call = async (...words: readonly string[]) => {
  const said: string[] = [];
  const program = new Command('sentinel');
  const far = new Command('far').option('--speed <factor>').action(() => undefined);
  program.addCommand(new Command('go').addCommand(far));
  explainErrors(program);
  for (const command of [program, ...program.commands, far]) {
    command.configureOutput({ writeErr: (text) => said.push(text), writeOut: () => undefined });
  }
  const error = await program.parseAsync(words, { from: 'user' }).catch((thrown: unknown) => thrown);
  return { said: said.join(''), code: exitCodeOf(error) };
};

const WRONG: readonly (readonly [words: readonly string[], said: string])[] = [
  [
    ['go', 'far', '--sped', '1'],
    "sentinel: unknown option '--sped' (Did you mean --speed?) (see sentinel go far --help)\n",
  ],
  [['go', 'fra'], "sentinel: unknown command 'fra' (Did you mean far?) (see sentinel go --help)\n"],
  [['og'], "sentinel: unknown command 'og' (Did you mean go?) (see sentinel --help)\n"],
];

for (const [words, line] of WRONG) {
  test(`${words.join(' ')} is answered in one line and with exit code 2`, async () => {
    assert.deepEqual(await call(...words), { said: line, code: 2 });
  });
}

test('asking for help is no error, and an error of another kind is not its business', async () => {
  assert.deepEqual(await call('go', '--help'), { said: '', code: 0 });
  assert.equal(exitCodeOf(new Error('disk')), null);
});

test('help of which nobody reads the rest ends quietly', async () => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../cli/sentinel.ts'), '--help']);
  child.stdout.destroy();
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.deepEqual(
    [errors.replaceAll(/^.*ExperimentalWarning.*\n.*trace-warnings.*\n/gm, ''), code],
    ['', 0],
  );
});
