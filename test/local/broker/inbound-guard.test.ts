import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { guardInbound } from '../../../local/broker/inbound-guard.ts';

const CONNECT = Buffer.from([0x10, 0x01, 0x00]);

/** So many packets of three bytes, numbered over and over. */
const packets = (count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, index) => [0x30, 0x01, index % 251]).flat());

/** A guarded connection whose CONNECT was read and answered. */
const opened = () => {
  const stream = new Duplex({ read: () => undefined });
  const guard = guardInbound(stream, 1000, { waiting: 0 });
  stream.push(CONNECT);
  assert.deepEqual(stream.read(), CONNECT);
  guard.open();
  return stream;
};

test('of a flood nothing is lost, whoever else asks the stream for more', async () => {
  const stream = opened();
  const sent = packets(10_000);
  const read: Buffer[] = [];
  stream.push(sent);
  for (let turn = 0; turn < 20; turn += 1) {
    const chunk: Buffer | null = stream.read();
    if (chunk !== null) read.push(chunk);
    await nextTurn();
    // As Node does by itself when it has room for more.
    assert.equal(stream.read(0), null);
  }
  assert.ok(read.length > 1, 'it was read in one piece');
  assert.ok(Buffer.concat(read).equals(sent));
});

test('a connection that ends behind a flood ends when all of it has been read', async () => {
  const stream = opened();
  const sent = packets(10_000);
  const read: Buffer[] = [];
  stream.on('readable', () => {
    for (let chunk: Buffer | null = stream.read(); chunk !== null; chunk = stream.read()) read.push(chunk);
  });
  stream.push(sent);
  stream.push(null);
  await once(stream, 'end', { signal: AbortSignal.timeout(10_000) });
  assert.ok(Buffer.concat(read).equals(sent));
});
