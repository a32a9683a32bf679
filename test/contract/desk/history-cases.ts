import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as schemas from '../../../desk/api/schemas.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { asCommand, type DeskHome, json } from './desk-home.ts';

/** What a desk shows of the past of `lift`, which has been as it should be for 30 s. */
export const historyCases = (desk: () => DeskHome): void => {
  test('the history has every five minutes, those that go on among them', async () => {
    const read = async (query = '') =>
      (await json(await desk().app.request(`/api/cylinders/lift/history${query}`), schemas.historyAnswer))
        .rollups;
    assert.deepEqual(
      (await read()).map(({ samples, abnormal }) => [samples, abnormal]),
      [[30, 0]],
    );
    await evaluateSamples(desk().ports)([messageOf('lift', 'nnAAA', { from: 400 })]);
    desk().at(405);
    const [first, second] = await read();
    assert.deepEqual([first?.samples, second?.samples, second?.abnormal], [30, 5, 3]);
    assert.equal(first?.sensors.rVibration_Temp?.mean, 48);
    assert.equal(first?.sensors.wCurrentLoad, null);
    assert.equal((await read(`?to=${START_MS + 60_000}`)).length, 1);
    assert.equal((await read(`?from=${START_MS + 350_000}`)).length, 1);
    assert.equal((await read('?from=0&to=1000')).length, 0);
  });

  test('the history has all maintenance, one that was ended early until then', async () => {
    const maintain = async (key: string, until: number): Promise<void> => {
      const asked = { cylinder: 'lift', type: 'maintenance', reason: 'seal', until: START_MS + until, key };
      assert.deepEqual(await (await desk().app.request('/api/commands', asCommand(asked))).json(), {
        result: 'in-force',
      });
    };
    desk().at(410);
    await maintain('key-of-first', 420_000);
    desk().at(430);
    await maintain('key-of-second', 460_000);
    desk().at(440);
    await maintain('key-of-its-end', 435_000);
    desk().at(450);
    const read = async (query = '') =>
      (
        await json(await desk().app.request(`/api/cylinders/lift/history${query}`), schemas.historyAnswer)
      ).maintenance.map(({ from, to }) => [from - START_MS, to - START_MS]);
    assert.deepEqual(await read(), [
      [410_000, 420_000],
      [430_000, 440_000],
    ]);
    assert.deepEqual(await read(`?from=${START_MS + 425_000}`), [[430_000, 440_000]]);
  });
};
