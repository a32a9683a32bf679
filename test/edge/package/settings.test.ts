import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planRun } from '../../../edge/package/recipes.ts';
import {
  configurationSchema,
  defaultConfiguration,
  readSettings,
  settingsOfEnvironment,
} from '../../../edge/package/settings.ts';

const settings = (configuration: unknown) => {
  const reading = readSettings(configuration);
  assert.ok(reading.ok, reading.ok ? '' : reading.message);
  return reading;
};

test('without a configuration there is a simulated line of six cylinders', () => {
  assert.deepEqual(settings(undefined).settings, settings({}).settings);
  const { source, cylinders, publishTo, queueMaxAgeHours } = settings({}).settings;
  assert.deepEqual([source, cylinders, publishTo, queueMaxAgeHours], ['simulated', 6, 'topic', 72]);
});

test('a nucleus hands over numbers as text, with the same meaning', () => {
  const asNumbers = { cylinders: 100, seed: 7, queueMaxMb: 2700, drainPerSecond: 50, lingerSeconds: 2.5 };
  const asText = {
    cylinders: '100',
    seed: '7',
    queueMaxMb: ' 2700',
    drainPerSecond: '50',
    lingerSeconds: '2.5',
  };
  assert.deepEqual(settings(asText), settings(asNumbers));
  assert.equal(settings(asText).settings.cylinders, 100);
});

test('null is as good as nothing, and keys that are no settings are named but for the nucleus’s own', () => {
  const { settings: read, unknown } = settings({ cylinders: null, zylinders: '3', accessControl: {} });
  assert.equal(read.cylinders, 6);
  assert.deepEqual(unknown, ['zylinders']);
});

const MODBUS = {
  modbus: { host: 'plc', port: 1502, devices: [{ cylinder: 'press-1', unit: 1 }] },
  periodMs: 2000,
  sensors: {
    rVibration_Temp: { from: 'holding 5200', scale: 0.01, min: -40, missing: [65535] },
    wRMSCurrent: 'input 7',
  },
};

const asTexts = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, under]) => [key, asTexts(under)]));
  return typeof value === 'string' ? value : String(value);
};

test('a mapping is the same as an object, as an object whose numbers became texts, and as JSON in a text', () => {
  const { map } = settings({ source: 'modbus', map: MODBUS }).settings;
  assert.equal(map?.modbus?.port, 1502);
  assert.equal(map?.sensors.rVibration_Temp?.scale, 0.01);
  assert.deepEqual(settings({ source: 'modbus', map: asTexts(MODBUS) }).settings.map, map);
  assert.deepEqual(settings({ source: 'modbus', map: JSON.stringify(MODBUS) }).settings.map, map);
});

test('of a mapping whose numbers became texts, names stay texts and a quality is good either way', () => {
  const given = {
    sparkplug: { broker: 'mqtt://b:1883', rebirth: false },
    cylinder: { from: 'id', names: { '7': 'true' } },
    sensors: { wRMSCurrent: { from: 'I', quality: { from: 'ok', good: [192, true] } } },
  };
  const { map } = settings({ source: 'sparkplug', map: asTexts(given) }).settings;
  assert.equal(map?.sparkplug?.rebirth, false);
  assert.deepEqual(map?.cylinder?.names, { '7': 'true' });
  assert.deepEqual(map?.sensors.wRMSCurrent?.quality?.good, ['192', 'true', 192, true]);
});

test('the recipe’s defaults hold no mapping, and its schema says what one may be', () => {
  assert.ok(!('map' in defaultConfiguration()));
  assert.deepEqual(Object(configurationSchema().properties).map.type, ['object', 'string']);
});

const WRONG: readonly (readonly [configuration: unknown, message: RegExp])[] = [
  [{ cylinders: '0' }, /cylinders must be a whole number from 1 to 1000/],
  [{ cylinders: '1e2' }, /cylinders must be/],
  [{ cylinders: 2.5 }, /cylinders must be/],
  [{ cylinders: '' }, /cylinders must be/],
  [{ lingerSeconds: '61' }, /lingerSeconds must be a number from 0 to 60/],
  [{ source: 'plc' }, /source must be simulated, random, socket, modbus, opcua or sparkplug/],
  [{ gateway: 'a/b' }, /gateway must be letters, digits/],
  [{ publishTo: '$aws/rules/a-b' }, /publishTo must be topic, or \$aws\/rules\/<rule>/],
  [{ modelPath: 5 }, /modelPath must be a path/],
  [{ cylinders: 'x', source: 'x' }, /source must be .*; cylinders must be/],
  ['text', /it must be an object/],
  [{ source: 'modbus' }, /source modbus needs map, or mapPath/],
  [{ source: 'opcua', map: MODBUS }, /map says nothing of opcua, which is the source: it needs "opcua"/],
  [{ source: 'modbus', map: MODBUS, mapPath: 'map.json' }, /map and mapPath are both there: leave one out/],
  [{ source: 'modbus', map: 7 }, /map must be a mapping, or its JSON as a text/],
  [{ source: 'modbus', map: '{' }, /map: .*JSON/],
  [
    { source: 'modbus', map: { ...MODBUS, sensors: {} } },
    /map: sensors must say in which registers they are/,
  ],
  [
    {
      source: 'modbus',
      map: { ...MODBUS, modbus: { host: 'plc', devices: [{ cylinder: 'a b', unit: '1' }] } },
    },
    /map: modbus\.devices\.0\.cylinder must be a name/,
  ],
  [
    { source: 'modbus', map: { ...MODBUS, modbus: { host: 'plc', port: 'x', devices: [] } } },
    /map: modbus\.port must be a whole number/,
  ],
];

for (const [configuration, message] of WRONG) {
  test(`${JSON.stringify(configuration)} is refused with what is right`, () => {
    const reading = readSettings(configuration);
    assert.match(reading.ok ? 'accepted' : reading.message, message);
  });
}

test('the Lambda package finds its settings in the environment, in capitals', () => {
  const environment = { SOURCE: 'socket', QUEUE_MAX_MB: '500', PUBLISH_TO: '$aws/rules/r', PATH: '/bin' };
  assert.deepEqual(settingsOfEnvironment(environment), {
    source: 'socket',
    queueMaxMb: '500',
    publishTo: '$aws/rules/r',
  });
});

const AROUND = { thing: 'core-1', workFolder: '/work' };

test('the gateway bears the name of its core device, and its files lie in the work folder', () => {
  const plan = planRun(settings({ source: 'socket' }).settings, AROUND);
  assert.deepEqual(
    [plan.gateway, plan.socketPath, plan.options.queue.path, plan.modelPath, plan.options.pace],
    ['core-1', '/work/sensors.sock', '/work/queue.sqlite', '/greengrass-ml', 'arrival'],
  );
  const mapped = settings({ source: 'socket', mapPath: 'map.json' }).settings;
  assert.deepEqual([plan.mapPath, planRun(mapped, AROUND).mapPath], [null, '/work/map.json']);
  assert.deepEqual([plan.options.inFlight, plan.rulePrefix], [1, null]);
});

test('what is configured comes before what is usual', () => {
  const configured = {
    gateway: 'line-1',
    modelPath: '/m',
    queuePath: '/q/q.sqlite',
    publishTo: '$aws/rules/r',
  };
  const plan = planRun(settings(configured).settings, AROUND);
  assert.deepEqual(
    [plan.gateway, plan.modelPath, plan.options.queue.path, plan.rulePrefix],
    ['line-1', '/m', '/q/q.sqlite', '$aws/rules/r'],
  );
  assert.match(planRun(settings({}).settings, AROUND).modelPath, /simulated-line\.json$/);
});
