import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import {
  createS3Quarantine,
  quarantineKey,
  quarantineText,
  readQuarantineText,
} from '../../../aws/s3/quarantine.ts';
import { quarantineContract, raw, rejection } from '../../contract/quarantine-contract.ts';
import { clientSettings } from '../start-server.ts';
import { startS3Server } from './server.ts';
import { s3QuarantineUnderTest } from './under-test.ts';

const server = await startS3Server();
after(() => server.close());
const connect = () => new S3Client({ ...clientSettings(server.endpoint), forcePathStyle: true });

let opened = 0;
quarantineContract('S3', () => {
  opened += 1;
  return Promise.resolve(s3QuarantineUnderTest(connect, `bucket-${opened}`));
});

describe('the key of a message in quarantine', () => {
  test('tells the day of receipt in UTC and the gateway', () => {
    const { pathname } = new URL(
      `s3://bucket/${quarantineKey(raw({ receivedAt: Date.UTC(2025, 11, 31, 23, 59, 59, 999) }))}`,
    );
    assert.match(pathname, /^\/quarantine\/2025\/12\/31\/line-3\/1767225599999-[0-9a-f]{64}\.json$/);
  });

  for (const [topic, folder] of [
    ['greengrass/ml/inference/line:3', 'line_3'],
    ['greengrass/ml/inference/../../x/cyl', 'unknown'],
    ['', 'unknown'],
    ['another/topic', 'unknown'],
  ] as const) {
    test(`of the topic '${topic}' lies under ${folder}`, () => {
      assert.equal(quarantineKey(raw({ topic })).split('/')[4], folder);
    });
  }

  test('names the gateway under another topic too, where it is told that', () => {
    const message = raw({ topic: 'plant/a/line-3/cyl-07' });
    assert.equal(quarantineKey(message).split('/')[4], 'unknown');
    assert.equal(quarantineKey(message, 'plant/a').split('/')[4], 'line-3');
  });

  test('is made of plain characters and the same for the same message, whatever it holds', () => {
    const messages = fc.record({
      topic: fc.string({ unit: 'binary' }),
      body: fc.uint8Array(),
      receivedAt: fc.oneof(fc.integer(), fc.double()),
      client: fc.constant(null),
    });
    fc.assert(
      fc.property(messages, messages, (one, other) => {
        const key = quarantineKey(one);
        assert.match(key, /^quarantine\/(\d{4}\/\d\d\/\d\d|undated)\/[\w-]{1,128}\/[\w.+-]+\.json$/);
        assert.equal(quarantineKey({ ...one, body: Uint8Array.from(one.body), client: 'another' }), key);
        if (quarantineKey(other) === key) assert.deepEqual(other, one);
      }),
    );
  });
});

describe('the quarantine on S3', () => {
  const inBucket = (bucket: string) => createS3Quarantine({ client: connect(), bucket });
  const failingAt = (number: number) => {
    let count = 0;
    server.control.fail = () => {
      count += 1;
      return count === number;
    };
  };
  after(() => {
    server.control.fail = () => false;
  });

  test('one failure rejects with its cause when all others are written, and the same call again completes', async () => {
    const records = Array.from({ length: 20 }, (_, i) => ({
      raw: raw({ receivedAt: i }),
      rejections: [rejection()],
    }));
    const count = () => [...server.objects.keys()].filter((key) => key.startsWith('/failing/')).length;
    failingAt(5);
    await assert.rejects(inBucket('failing').put(records), (error: unknown) => {
      assert.ok(error instanceof Error && error.cause instanceof Error && error.cause.cause instanceof Error);
      assert.match(error.message, /^1 of 20 messages did not reach/);
      assert.match(error.cause.message, /^s3:\/\/failing\/quarantine\/1970/);
      assert.equal(error.cause.cause.name, 'SlowDown');
      return true;
    });
    assert.equal(count(), 19);
    await inBucket('failing').put(records);
    assert.equal(count(), 20);
  });

  test('what is wrong with a message in several parts is kept in one object, each reason once', async () => {
    const late = rejection({ reason: 'store', detail: 'too old' });
    await inBucket('parts').put([
      { raw: raw(), rejections: [rejection()] },
      { raw: raw(), rejections: [late, rejection()] },
    ]);
    const [[, object] = []] = [...server.objects].filter(([key]) => key.startsWith('/parts/'));
    assert.deepEqual(readQuarantineText(Buffer.from(object ?? []).toString())?.rejections, [
      rejection(),
      late,
    ]);
  });

  test('an object that is none of ours is not read as one', () => {
    const text = quarantineText({ raw: raw(), rejections: [rejection()] });
    assert.notEqual(readQuarantineText(text), null);
    for (const other of [
      '',
      '{',
      '[]',
      '{}',
      text.replace('"topic"', '"topics"'),
      text.replace(/"body":"/, '"body":"!'),
    ]) {
      assert.equal(readQuarantineText(other), null, other);
    }
  });
});
