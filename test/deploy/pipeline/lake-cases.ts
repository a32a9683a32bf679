import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AthenaClient } from '@aws-sdk/client-athena';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { statementOf } from '../../../analysis/saved-queries.ts';
import { messagesOf } from '../stack/cylinder-message.ts';
import type { Stack } from '../stack/deploy-stage.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';
import { askAthena } from '../telemetry/ask-athena.ts';

/** The first and last bytes of a Parquet file. */
const PARQUET = 'PAR1';

/** What is particular to a lake: files, and repetitions that go when they are read. */
export const lakeCases = (plant: () => Plant<Stack>): void => {
  test('samples that came twice lie there twice, and are read once', async () => {
    const { stack, publish, store } = plant();
    const cylinder = stack.cylinder('twice-01');
    const messages = messagesOf({
      gateway: 'line-4',
      cylinder,
      from: secondsAgo(40),
      pattern: 'n'.repeat(30),
    });
    const question = {
      client: new AthenaClient(stack.client),
      database: stack.output('TelemetryDatabaseName'),
      workgroup: stack.output('AthenaWorkgroupName'),
    };
    const table = stack.output('TelemetryTableName');
    const lying = () => askAthena(question, `SELECT t FROM ${table} WHERE cylinder = '${cylinder}'`);
    // What is in one batch twice is written once.
    for (const times of [1, 2]) {
      for (const message of messages) await publish(message);
      await eventually(lying, ({ length }) => length === 30 * times);
    }
    const times = (await store.samples(cylinder)).map(({ t }) => t);
    assert.equal(times.length, 30);
    assert.equal(new Set(times).size, 30);
  });

  test('what happened is asked as on one machine: notices, steps, commands and the quarantine, each once', async () => {
    const { stack, play, everything, twins, publish } = plant();
    const cylinder = stack.cylinder('asked-01');
    const pattern = `${'n'.repeat(10)}${'A'.repeat(20)}${'n'.repeat(20)}`;
    await play(cylinder, messagesOf({ gateway: 'line-3', cylinder, from: secondsAgo(60), pattern }));
    const told = await everything.of(cylinder, 3);
    await twins.desire(cylinder, { ack: { by: 'Kim', comment: "it's on my way" } });
    await publish({ topic: `greengrass/ml/inference/line-3/${cylinder}`, payload: '{"samples":' });
    const asked = { from: secondsAgo(3600), to: secondsAgo(-3600), cylinder };
    const client = new AthenaClient(stack.client);
    const database = stack.output('TelemetryDatabaseName');
    const workgroup = stack.output('AthenaWorkgroupName');
    const rowsOf = async (view: string, columns: string) => {
      const query = {
        name: view,
        summary: '',
        columns: [],
        text: `SELECT ${columns} FROM ${view} ORDER BY 1, 2`,
      };
      return await askAthena({ client, database, workgroup }, statementOf(query, 'athena', asked));
    };
    const has = (count: number) => (rows: readonly unknown[]) => rows.length === count;
    const notices = await eventually(() => rowsOf('notices_asked', 'id, type, incident'), has(3));
    assert.deepEqual(
      notices.map(({ id, type }) => [id, type]),
      told.map((one) => [one.attributes.id, wordsOf([one])[0]?.split(' ')[0]]),
    );
    const [first] = notices;
    assert.deepEqual(
      await eventually(() => rowsOf('transitions_asked', 'kind, incident, cylinder'), has(3)),
      [
        { kind: 'cleared', incident: first?.incident, cylinder },
        { kind: 'escalated', incident: first?.incident, cylinder },
        { kind: 'raised', incident: first?.incident, cylinder },
      ],
    );
    assert.deepEqual(await eventually(() => rowsOf('commands_asked', 'kind, given_by, incident'), has(1)), [
      { kind: 'acknowledged', given_by: 'Kim', incident: first?.incident },
    ]);
    const quarantine = await eventually(
      () =>
        askAthena(
          { client, database, workgroup },
          `SELECT topic, reason, bytes FROM quarantine WHERE topic LIKE '%/${cylinder}'`,
        ),
      has(1),
    );
    assert.deepEqual(
      quarantine.map(({ reason, bytes }) => [reason, bytes]),
      [['not-json', 11]],
    );
  });

  test('samples lie in the bucket as Parquet, by the day on which they came', async () => {
    const { stack } = plant();
    const s3 = new S3Client({ ...stack.client, forcePathStyle: true });
    const Bucket = stack.output('LakeBucketName');
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'samples/' }));
    assert.ok(Contents.length > 0);
    for (const { Key } of Contents) {
      assert.match(Key ?? '', /^samples\/day=\d{4}-\d\d-\d\d\//);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = Buffer.from((await Body?.transformToByteArray()) ?? []);
      assert.deepEqual([bytes.subarray(0, 4), bytes.subarray(-4)].map(String), [PARQUET, PARQUET]);
    }
    const refused = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'refused/' }));
    assert.equal(refused.KeyCount ?? 0, 0);
  });
};
