import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutput, ReaderGone } from '../../../cli/terminal/output.ts';

/** Output to a reader for whom there is room for so many bytes. */
const fixture = (room: number) => {
  const reader = { room, text: '', isGone: false };
  const output = createOutput((bytes) => {
    if (reader.isGone) throw new ReaderGone('gone');
    const taken = Math.min(reader.room, bytes.length);
    reader.room -= taken;
    reader.text += bytes.subarray(0, taken).toString();
    return taken;
  });
  return { reader, output };
};

test('what there is room for is out at once', async () => {
  const { reader, output } = fixture(100);
  const written = output.write('a line\n');
  assert.equal(reader.text, 'a line\n');
  assert.equal(output.isBehind(), false);
  await written;
});

test('what there is no room for goes out in its order when there is', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { reader, output } = fixture(3);
  const out: string[] = [];
  const all = ['one\n', 'two\n'].map((text) => output.write(text).then(() => out.push(text)));
  t.mock.timers.tick(10_000);
  assert.equal(reader.text, 'one');
  assert.equal(output.isBehind(), true);
  reader.room = 100;
  t.mock.timers.tick(1000);
  await Promise.all(all);
  assert.equal(reader.text, 'one\ntwo\n');
  assert.deepEqual(out, ['one\n', 'two\n']);
  assert.equal(output.isBehind(), false);
});

test('a reader that is gone is told to all that waits', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { reader, output } = fixture(0);
  const all = ['one', 'two'].map((text) => assert.rejects(output.write(text), ReaderGone));
  reader.isGone = true;
  t.mock.timers.tick(1000);
  await Promise.all(all);
});

test('given up, nothing waits any more, and what there is room for still goes out', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { reader, output } = fixture(0);
  const waiting = assert.rejects(output.write('one'), ReaderGone);
  output.giveUp(500);
  t.mock.timers.tick(499);
  assert.equal(output.isBehind(), true);
  t.mock.timers.tick(1);
  await waiting;
  await assert.rejects(output.write('two'), ReaderGone);
  reader.room = 100;
  await output.write('three');
  assert.equal(reader.text, 'three');
});
