import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import type { Rejection } from '../../domain/message/rejection.ts';
import type { Quarantine, QuarantineRecord } from '../../usecases/ports/quarantine.ts';

/** A quarantine, empty when opened, and a way to look into it past the port. */
export type QuarantineUnderTest = Readonly<{
  quarantine: Quarantine;
  records(): Promise<readonly QuarantineRecord[]>;
  /** The same quarantine, let go of and opened anew. */
  restart(): Promise<QuarantineUnderTest>;
  close(): Promise<void>;
}>;

export const raw = (fields: Partial<RawMessage> = {}): RawMessage => ({
  topic: 'greengrass/ml/inference/line-3/cyl-07',
  body: Uint8Array.of(0, 255, 10, 0, 200),
  receivedAt: 1_763_800_000_456,
  client: 'line-3',
  ...fields,
});

export const rejection = (fields: Partial<Rejection> = {}): Rejection => ({
  reason: 'not-utf8',
  detail: 'the body is not UTF-8',
  index: null,
  cylinder: null,
  t: null,
  ...fields,
});

const plain = (records: readonly QuarantineRecord[]): readonly string[] =>
  records
    .map(({ raw: { body, ...rest }, rejections }) =>
      JSON.stringify({ ...rest, body: Buffer.from(body).toString('hex'), rejections }),
    )
    .sort();

/** What every quarantine has to keep of its port. */
export const quarantineContract = (name: string, open: () => Promise<QuarantineUnderTest>): void => {
  const keeps = (records: readonly QuarantineRecord[], kept: readonly QuarantineRecord[]) => async () => {
    const first = await open();
    for (const record of records) await first.quarantine.put([record]);
    await first.quarantine.put(records);
    const again = await first.restart();
    await again.quarantine.put(records);
    assert.deepEqual(plain(await again.records()), plain(kept));
    await again.close();
  };

  describe(`${name} keeps the contract of the quarantine`, () => {
    const one = { raw: raw(), rejections: [rejection()] };

    test('nothing put is nothing kept', keeps([], []));
    test(
      'a message put again, in one call, another, or after a restart, is kept once',
      keeps([one, one], [one]),
    );
    test(
      'empty, binary and large bodies, and an unknown client, are kept byte for byte',
      (() => {
        const records = [
          { raw: raw({ body: new Uint8Array() }), rejections: [rejection()] },
          { raw: raw({ body: Uint8Array.from({ length: 256 }, (_, byte) => byte) }), rejections: [] },
          { raw: raw({ body: new Uint8Array(3_000_000).fill(7), client: null }), rejections: [rejection()] },
        ];
        return keeps(records, records);
      })(),
    );
    test(
      'messages are apart by topic, body and time of receipt',
      (() => {
        const records = [
          one,
          { ...one, raw: raw({ topic: 'another' }) },
          { ...one, raw: raw({ body: Uint8Array.of(1) }) },
          { ...one, raw: raw({ receivedAt: 1 }) },
        ];
        return keeps(records, records);
      })(),
    );
  });
};
