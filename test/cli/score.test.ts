import assert from 'node:assert/strict';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { scoreCommand, scoreTable } from '../../cli/score.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { readModel } from '../../edge/model/formats/read-model.ts';
import { bytesOf, sound, stump } from '../edge/model/stump.ts';

const model = sound(readModel(bytesOf(stump({ feature: 1, split: 2.5, left: -1, right: 1 })), 'stump'));
const header = SENSORS.join(',');

const run = async (table: string, explained = false) => {
  const output = new PassThrough();
  const input = Readable.from([table], { objectMode: false });
  const fault = await scoreTable({ model, explained, input, output });
  output.end();
  return { fault, printed: await text(output) };
};

test('each row is answered with its margin and probability', async () => {
  const { fault, printed } = await run(`${header}\n50,2,2,4,50,1000\n50,,2,4,50,1000\n`);
  assert.equal(fault, null);
  assert.equal(printed, 'margin,probability\n-1,0.26894143\n1,0.7310586\n');
});

test('contributions come with their own columns', async () => {
  const { printed } = await run(`${header}\n50,2,2,4,50,1000\n`, true);
  const names = [...SENSORS, 'bias'].map((name) => `contrib_${name}`).join(',');
  assert.equal(printed, `margin,probability,${names}\n-1,0.26894143,0,-1.5,0,0,0,0,0.5\n`);
});

test('a bad cell ends the answers and names line and column', async () => {
  const { fault } = await run(`${header}\n50,2,2,4,50,1000\n50,x,2,4,50,1000\n`);
  assert.match(fault ?? '', /^line 3, column rVibration_Z_RMS_Velocity: "x" is not a number/);
});

test('a table far larger than any buffer passes at the pace of the reader', async () => {
  const rows = 50_000;
  const line = '50,2,2,4,50,1000\n';
  let maxWaiting = 0;
  let lines = 0;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      maxWaiting = Math.max(maxWaiting, output.writableLength);
      lines += chunk.toString().split('\n').length - 1;
      setImmediate(done);
    },
  });
  const table = (function* () {
    yield `${header}\n`;
    for (let i = 0; i < rows / 100; i++) yield line.repeat(100);
  })();
  const fault = await scoreTable({
    model,
    explained: false,
    input: Readable.from(table, { objectMode: false }),
    output,
  });
  assert.equal(fault, null);
  assert.equal(lines, rows + 1);
  assert.ok(maxWaiting < 300_000, `${maxWaiting} bytes waited`);
});

test('a reader that goes away ends the command quietly', async () => {
  const output = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const input = Readable.from([`${header}\n${'50,2,2,4,50,1000\n'.repeat(20_000)}`], { objectMode: false });
  assert.equal(await scoreTable({ model, explained: false, input, output }), null);
});

test('the command asks for a model', () => {
  const help = scoreCommand().helpInformation();
  assert.match(help, /--model <path>/);
  assert.match(help, /--contributions/);
});
