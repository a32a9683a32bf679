import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type DeployedStack, deployStack } from '../stack/deployed-stack.ts';
import { eventually } from '../stack/eventually.ts';
import { motoStore } from '../stack/moto-store.ts';
import { openPlant, type Plant, secondsAgo } from '../stack/plant.ts';

const MAP = {
  topics: ['tele/+/SENSOR'],
  gateway: 'tasmota',
  cylinder: { topic: 2 },
  time: { from: 'Time', zone: 'Asia/Seoul' },
  decimal: ',',
  sensors: {
    rVibration_Temp: { from: 'QM.Temp', unit: '°F' },
    rVibration_Z_RMS_Velocity: { from: 'QM.Z', scale: 0.01 },
    rVibration_X_RMS_Velocity: { from: 'QM.X', scale: 0.01 },
    wRMSCurrent: 'I',
  },
};

/** A time as a clock in Seoul says it, without its zone. */
const inSeoul = (t: number): string => new Date(t + 9 * 3_600_000).toISOString().slice(0, 19);

describe('devices of other makes on a deployed stack', () => {
  let folder = '';
  let stack: DeployedStack;
  let plant: Plant;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentinel-devices-'));
    const map = join(folder, 'map.json');
    await writeFile(map, JSON.stringify(MAP));
    stack = await deployStack({
      ingest: 'direct',
      store: 'existing',
      canary: 'off',
      telemetryDatabase: 'plant',
      telemetryTable: 'samples',
      incidentsTable: 'incidents',
      map,
      score: 'edge/model/simulated-line.json',
    });
    plant = await openPlant(stack, motoStore(stack));
  });

  after(async () => {
    await plant?.close();
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are read by the map, scored by the model, stored and watched', async () => {
    const at = secondsAgo(10);
    const body = { QM: { Temp: '203,0', Z: 1210, X: '1180' }, I: '9,5' };
    for (const second of [0, 1, 2]) {
      const payload = JSON.stringify({ Time: inSeoul(at + second * 1000), ...body });
      await plant.publish({ topic: 'tele/press-77/SENSOR', payload });
    }
    const samples = await eventually(
      () => plant.store.samples('press-77'),
      (all) => all.length === 3,
    );
    const [first] = samples.toSorted((a, b) => a.t - b.t);
    assert.equal(first?.t, at);
    assert.deepEqual(first?.values, [95, 12.1, 11.8, 9.5, null, null]);
    assert.ok(first !== undefined && first.probability > 0.5, JSON.stringify(first));
    const twin = await eventually(
      () => plant.twins.reported('press-77'),
      (reported) => reported.gateway === 'tasmota',
    );
    assert.match(String(twin.model), /^simulated-line\.json@/);
  });

  it('are in quarantine with their bytes where the map finds no time, and what gateways send is read as ever', async () => {
    const payload = '{"Time":"soon","QM":{"Temp":"1"}}';
    await plant.publish({ topic: 'tele/press-78/SENSOR', payload });
    const [kept] = await eventually(
      async () => (await plant.quarantined()).filter(({ topic }) => topic === 'tele/press-78/SENSOR'),
      (all) => all.length > 0,
    );
    assert.equal(kept?.bytes.toString('utf8'), payload);
    assert.match(kept?.reasons ?? '', /"time"/);

    const sample = { t: secondsAgo(5), rVibration_Temp: 40, probability: 0.25 };
    await plant.publish({
      topic: 'greengrass/ml/inference/line-3/press-79',
      payload: JSON.stringify({ v: 1, samples: [sample] }),
    });
    const [stored] = await eventually(
      () => plant.store.samples('press-79'),
      (all) => all.length === 1,
    );
    assert.equal(stored?.probability, 0.25);
  });
});
