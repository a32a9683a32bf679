import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { frameworkWith, resourcesMade } from './fragment.ts';
import { valuesAt } from './value-at.ts';

const reading = createRequire(import.meta.url)('../../../infra/reading.cjs');

const valueAt = (value: unknown, path: string): unknown => valuesAt(value, path)[0];

const MAP = {
  topics: ['tele/+/SENSOR', 'greengrass/ml/inference/press/#', 'plant/#'],
  gateway: 'tasmota',
  cylinder: { topic: 2 },
  sensors: { rVibration_Temp: 'QM.Temp' },
};

describe('the map of a deploy', () => {
  let folder = '';
  let map = '';
  const written = async (value: unknown): Promise<string> => {
    await writeFile(map, typeof value === 'string' ? value : JSON.stringify(value));
    return map;
  };
  const faults = async (value: unknown, rest = {}): Promise<readonly string[]> =>
    (
      await reading.faultsOf({
        map: await written(value),
        score: '',
        trees: '',
        topicPrefix: 'greengrass/ml/inference',
        ...rest,
      })
    ).map((one: string) => one.replace(`${map}: `, '').replace(map, 'FILE'));
  const rules = async (ingest: string) => {
    await written(MAP);
    return resourcesMade('device-rules', {
      'param:map': map,
      'param:topicPrefix': 'greengrass/ml/inference',
      'param:ingest': ingest,
      'sls:stage': 'busan-2',
    });
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sentinel-map-'));
    map = join(folder, 'map.json');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('has a rule for each topic that does not lie below the prefix, with the bytes of a message as they are', async () => {
    const made = await rules('stream');
    assert.deepEqual(Object.keys(made), ['DeviceRule1', 'DeviceRule2']);
    assert.equal(valueAt(made, 'DeviceRule1.Properties.RuleName'), 'cylinder_sentinel_busan_2_device_1');
    const sql =
      "SELECT encode(*, 'base64') AS body, topic() AS topic, timestamp() AS receivedAt, clientid() AS client";
    assert.equal(valueAt(made, 'DeviceRule1.Properties.TopicRulePayload.Sql'), `${sql} FROM 'tele/+/SENSOR'`);
    assert.equal(valueAt(made, 'DeviceRule2.Properties.TopicRulePayload.Sql'), `${sql} FROM 'plant/#'`);
  });

  it('has functions that each rule may call, where there is no stream', async () => {
    const made = await rules('direct');
    const permitted = [
      'DeviceRule1CallsStore',
      'DeviceRule1CallsWatch',
      'DeviceRule2CallsStore',
      'DeviceRule2CallsWatch',
    ];
    assert.deepEqual(
      Object.keys(made).filter((name) => name.includes('Calls')),
      permitted,
    );
  });

  it('makes silence that of all rules, of which each may be held back', async () => {
    await rules('stream');
    const made = await resourcesMade('alarms', {
      'param:map': map,
      'param:topicPrefix': 'greengrass/ml/inference',
      'param:ingest': 'stream',
      'param:store': 'lake',
      'param:silenceMinutes': '15',
      'sls:stage': 'dev',
    });
    assert.equal(valueAt(made, 'RuleSilentAlarm.Properties.MetricName'), 'Messages');
    assert.equal(valueAt(made, 'RuleSilentAlarm.Properties.Dimensions.*.Value'), 'cylinder-sentinel-dev');
    assert.equal(valueAt(made, 'RuleThrottledDevice2Alarm.Properties.Dimensions.*.Value.Ref'), 'DeviceRule2');
  });

  it('is refused in sentences where it is wrong, or asks what no function can do', async () => {
    assert.deepEqual(await faults(MAP), []);
    assert.deepEqual(await faults({ sensor: {} }), [
      'sensor is not a field of a mapping: check the spelling',
    ]);
    assert.match((await faults('{')).join(), /^the map FILE cannot be read as JSON: /);
    const device = { host: 'a', devices: [{ cylinder: 'c', unit: 1 }] };
    assert.deepEqual(
      await faults({
        modbus: device,
        topics: ["a'b", 'a+/b', '#/a', '$aws/x', 'a/b/c/d/e/f/g/h/i', '4', '5', '6', '7'],
        sensors: { wRMSCurrent: { from: 'holding 1', stuckSeconds: 5 } },
      }),
      [
        'modbus is for a gateway: give this map to sentinel edge',
        'sensors.wRMSCurrent.stuckSeconds is for a gateway: a function remembers nothing between calls',
        'topics must be at most 8: each is a rule of its own',
        'topics: "a\'b" must have no quotes, backslashes or blanks: it stands in the SQL of a rule',
        'topics: "a+/b" has + or # beside something',
        'topics: "#/a" must have # at its end alone',
        'topics: "$aws/x" must not begin with $: AWS keeps those topics for itself',
        'topics: "a/b/c/d/e/f/g/h/i" must have at most 8 levels',
      ],
    );
  });

  it('is put into a bundle as it was read, with a model that is one', async () => {
    const score = 'edge/model/simulated-line.json';
    assert.deepEqual(await faults(MAP, { score, trees: 'best' }), []);
    assert.match((await faults(MAP, { score: map })).join(), /^map\.json: .*no model|^map\.json: /);
    assert.match((await faults(MAP, { score: join(folder, 'none.ubj') })).join(), /^the model .*ENOENT/);
    assert.deepEqual(await faults(MAP, { trees: 'best' }), ['trees is for score: name the model']);
    const text: string = await reading.moduleText({ map, score, trees: '' });
    assert.match(text, /mapper: payloadMapper\(\{"topics":\["tele\/\+\/SENSOR"/);
    assert.match(text, /withTrees\(loaded\.model, "all"\)/);
    assert.equal((await reading.moduleText({ map: '', score: '', trees: '' })).includes('import'), false);
  });

  it('goes with the card of the model, whose histograms are put into the bundle', async () => {
    const cardFile = async (name: string, card: object): Promise<string> => {
      const file = join(folder, name);
      await writeFile(file, JSON.stringify(card));
      return file;
    };
    const histogram = { edges: [1, 2], counts: [3, 4, 5], missing: 0 };
    const sensors = Array.from({ length: 6 }, () => histogram);
    const card = await cardFile('model.card.json', { reference: { rows: 12, sensors, score: histogram } });
    const faultsOf = (given: string): Promise<readonly string[]> =>
      reading.faultsOf({ map: '', score: '', trees: '', card: given, topicPrefix: 'a' });
    assert.deepEqual(await faultsOf(card), []);
    const without = await cardFile('old.card.json', {});
    assert.match((await faultsOf(without)).join(), /train the model anew|reference/);
    assert.match((await faultsOf(join(folder, 'none.json'))).join(), /cannot be read as JSON: ENOENT/);
    const text: string = await reading.referenceText(card);
    const [, json = ''] = /^export const deployedReference = (.+);$/.exec(text) ?? [];
    const { reference } = JSON.parse(json);
    assert.equal(reference.histograms.length, 7);
    assert.deepEqual(reference.histograms[6], histogram);
  });

  it('has no topic that takes in what gateways publish too', async () => {
    const across = ['#', 'greengrass/#', '+/ml/inference/+/temp', 'greengrass/+/+/#'];
    const topics = [
      ...across,
      'greengrass/ml/inference/press/+',
      'greengrass/ml',
      'ml/#',
      'greengrass/+/other/#',
    ];
    assert.deepEqual(
      await faults({ ...MAP, topics }),
      across.map(
        (one) => `topics: "${one}" takes in what lies below greengrass/ml/inference too, which has its rule`,
      ),
    );
  });

  it('gives the policies the period that it states', async () => {
    const policy = createRequire(import.meta.url)('../../../infra/policy.cjs');
    const framework = frameworkWith({ 'param:map': await written({ ...MAP, periodMs: 60_000 }) });
    assert.deepEqual(JSON.parse(await policy(framework)), {
      default: { samplePeriodMs: 60_000, latenessMs: 60_000, windowMs: 600_000, staleAfterMs: 120_000 },
    });
    assert.deepEqual(await policy.lengthFaults(framework), []);
    assert.equal(await policy(frameworkWith({ 'param:map': await written(MAP) })), '');
  });
});
