import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as v from 'valibot';
import { messagesOf } from '../stack/cylinder-message.ts';
import type { Stack } from '../stack/deploy-stage.ts';
import { eventually } from '../stack/eventually.ts';
import { type Plant, secondsAgo, wordsOf } from '../stack/plant.ts';

const WHOLE = ['RAISED advisory', 'ESCALATED warning', 'RECOVERED warning'];
const PATTERN = `${'n'.repeat(10)}${'A'.repeat(20)}${'n'.repeat(20)}`;

const overTwin = v.object({
  condition: v.literal('NORMAL'),
  gateway: v.literal('line-3'),
  model: v.literal('test@1'),
  lastSample: v.object({ t: v.number(), probability: v.literal(0.04) }),
  incident: v.object({
    id: v.string(),
    open: v.literal(false),
    severity: v.literal('warning'),
    began: v.number(),
    cleared: v.number(),
  }),
});

/** What people, machines and analysts learn of one incident from its beginning to its end. */
export const incidentCases = (plant: () => Plant<Stack>): void => {
  describe('an incident from its beginning to its end', () => {
    let from = 0;
    let cylinder = '';

    before(async () => {
      from = secondsAgo(60);
      cylinder = plant().stack.cylinder('press-01');
      await plant().play(cylinder, messagesOf({ gateway: 'line-3', cylinder, from, pattern: PATTERN }));
    });

    test('is told of once when it is raised, gets worse and is over', async () => {
      const alerts = await plant().everything.of(cylinder, WHOLE.length);
      assert.deepEqual(wordsOf(alerts), WHOLE);
      assert.equal(new Set(alerts.map(({ attributes }) => attributes.id)).size, WHOLE.length);
    });

    test('is told to those alone whose filter lets it through', async () => {
      const { warnings, elsewhere } = plant();
      assert.deepEqual(wordsOf(await warnings.of(cylinder, 2)), WHOLE.slice(1));
      assert.deepEqual(await elsewhere.of(cylinder, 0), []);
    });

    test('stands in the twin, in the ledger and in the store for analysts, and all three agree', async () => {
      const { twins, ledger, store } = plant();
      const reported = await eventually(
        () => twins.reported(cylinder),
        (twin) => v.is(overTwin, twin),
      );
      assert.ok(JSON.stringify(reported).length < 8192);
      const { incident } = v.parse(overTwin, reported);
      const record = (await ledger.cylinders([cylinder])).get(cylinder)?.record;
      assert.equal(record?.alarm.incident?.id, incident.id);
      const kept = await eventually(
        () => store.incidents(cylinder),
        (all) => all.some(({ clearedAt }) => clearedAt !== null),
      );
      for (const { toldAt, policy } of kept) {
        assert.ok((toldAt ?? 0) >= from, String(toldAt));
        assert.match(policy ?? '', /^\w+$/);
      }
      const told = kept.map(
        ({ toldAt: _, policy: _digest, advice: _advice, why: _why, model: _model, ...rest }) => rest,
      );
      assert.deepEqual(told, [
        {
          id: incident.id,
          cylinder,
          gateway: 'line-3',
          // The window holds three abnormal seconds of five from the third on.
          beganAt: from + 10_000,
          raisedAt: incident.began + 2000,
          lastAbnormalAt: from + 29_000,
          clearedAt: incident.cleared,
          endedBy: 'clearing',
          severity: 'warning',
          reopenings: 0,
          acknowledgedBy: null,
          closedBy: null,
          outcome: null,
          mode: null,
          comment: null,
          acknowledgedAt: null,
          closedAt: null,
        },
      ]);
      assert.ok(incident.cleared >= from + 30_000 && incident.cleared < from + 40_000, `${incident.cleared}`);
    });

    test('leaves every sample in the store once, as the gateway sent it', async () => {
      const { store } = plant();
      const samples = await eventually(
        () => store.samples(cylinder),
        (all) => all.length >= PATTERN.length,
      );
      const sorted = samples.toSorted((a, b) => a.t - b.t);
      assert.deepEqual(
        sorted.map(({ receivedAt: _clock, why: _why, values: _values, ...rest }) => rest),
        [...PATTERN].map((letter, second) => ({
          cylinder,
          gateway: 'line-3',
          boot: '01JDDEPLOY',
          model: 'test@1',
          t: from + second * 1000,
          seq: second,
          probability: letter === 'A' ? 0.93 : 0.04,
        })),
      );
      assert.deepEqual(sorted[10]?.values, [71.5, 6.4, 1.92, 3.4, 41, 1180]);
      assert.deepEqual(sorted[0]?.why, [1.8, 2.2, 0.2, 0.1, 0.1, -0.1]);
    });
  });
};
