import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeFrames, encodeFrame } from './event-stream.ts';

/** What aws-iot-device-sdk-v2 1.28.0 sends first, as it came over the socket. */
const CONNECT = Buffer.from(
  '0000006b00000048f3c75097083a76657273696f6e070005302e312e300d3a6d6573736167652d7479706504000000040e3a6d6573736167' +
    '652d666c61677304000000000a3a73747265616d2d696404000000007b2261757468546f6b656e223a22746f6b227d369467d5',
  'hex',
);
const FRAME = {
  type: 4,
  flags: 0,
  stream: 0,
  headers: { ':version': '0.1.0' },
  payload: '{"authToken":"tok"}',
};

test('a frame of the real SDK is read, and the same bytes are written', () => {
  const { frames, rest } = decodeFrames(CONNECT);
  assert.deepEqual(frames, [FRAME]);
  assert.equal(rest.length, 0);
  assert.deepEqual(encodeFrame(FRAME), CONNECT);
});

test('frames are cut out of a stream wherever it is torn', () => {
  const stream = Buffer.concat([CONNECT, CONNECT]);
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const first = decodeFrames(stream.subarray(0, cut));
    const second = decodeFrames(Buffer.concat([first.rest, stream.subarray(cut)]));
    assert.deepEqual([...first.frames, ...second.frames], [FRAME, FRAME]);
  }
});

test('a flipped bit is noticed', () => {
  const damaged = Buffer.from(CONNECT);
  damaged.writeUInt8(damaged.readUInt8(50) ^ 1, 50);
  assert.throws(() => decodeFrames(damaged), /damaged/);
});
