import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TOPIC } from '../../test/fixture/message.ts';
import { RUNS } from '../../test/fixture/property-runs.ts';
import { readMessage } from '../message/read-message.ts';
import { payloadMapper } from './map-payload.ts';
import { readMapping } from './mapping.ts';

const AT = Date.UTC(2025, 10, 22, 8, 26, 40);

const mapperOf = (mapping: unknown) => {
  const reading = readMapping(mapping);
  assert.ok(reading.ok, reading.ok ? '' : JSON.stringify(reading.faults));
  return payloadMapper(reading.mapping);
};

const readBy =
  (mapping: unknown) =>
  (body: string, topic = TOPIC, receivedAt = AT) =>
    readMessage(
      { topic, body: new TextEncoder().encode(body), receivedAt, client: null },
      { mapper: mapperOf(mapping), scorer: () => ({ probability: 0.5, why: null, model: 'm' }) },
    );

/** A mapping, the topic and body that it is for, and each sample as `gateway cylinder t temperature current`, or the reason. */
const MAPPED: readonly (readonly [
  what: string,
  mapping: unknown,
  topic: string,
  body: string,
  read: readonly string[],
])[] = [
  [
    'values in objects, the time local',
    {
      time: { from: 'Time', zone: 'Europe/Berlin' },
      sensors: { rVibration_Temp: 'QM42VT-1.rVibration_Temp', wRMSCurrent: 'ENERGY.Current' },
    },
    TOPIC,
    '{"Time":"2025-11-22T09:26:40","QM42VT-1":{"rVibration_Temp":41.5},"ENERGY":{"Current":3.1}}',
    [`line-3 cyl-07 ${AT} 41.5 3.1`],
  ],
  [
    'numbers as texts, with a decimal comma',
    { decimal: ',', sensors: { rVibration_Temp: 'temp' } },
    TOPIC,
    '{"t":"1763800000","temp":"41,5","wRMSCurrent":"1.003,5"}',
    [`line-3 cyl-07 ${AT} 41.5 1003.5`],
  ],
  [
    'words for what is missing',
    { sensors: { rVibration_Temp: 'temp' } },
    TOPIC,
    '{"t":1763800000,"temp":"N/A","wRMSCurrent":"3.1"}',
    [`line-3 cyl-07 ${AT} null 3.1`],
  ],
  [
    'a topic of another form',
    { gateway: { topic: 1 }, cylinder: { topic: 2 }, time: { from: 'ts', as: 'epoch-s' } },
    'turck/station7',
    '{"ts":1763800000,"rVibration_Temp":41.5}',
    [`turck station7 ${AT} 41.5 null`],
  ],
  [
    'several cylinders as fields of an object',
    { gateway: 'g', cylinder: { key: true }, samples: 'stations', time: { from: 'at' } },
    'plant',
    '{"at":1763800000000,"stations":{"st1":{"rVibration_Temp":41},"st2":{"rVibration_Temp":42}}}',
    [`g st1 ${AT} 41 null`, `g st2 ${AT} 42 null`],
  ],
  [
    'a list of rows that name their cylinder by another name',
    { cylinder: { from: 'machine', names: { 'Press 1': 'press-1' } }, samples: 'data.rows' },
    TOPIC,
    '{"data":{"rows":[{"t":1763800000,"machine":"Press 1","rVibration_Temp":41},{"t":1763800000,"machine":"Press 2","rVibration_Temp":42}]}}',
    [`line-3 press-1 ${AT} 41 null`, 'cylinder'],
  ],
  [
    'a list at the top, and values by their place',
    { sensors: { rVibration_Temp: 'values.0', wRMSCurrent: 'values.1' } },
    TOPIC,
    '[{"t":1763800000,"values":[41,3]},{"t":1763800001,"values":[42,"loose"]}]',
    [`line-3 cyl-07 ${AT} 41 3`, 'sensor'],
  ],
  [
    'a name with dots',
    { sensors: { rVibration_Temp: 'Line1.Press.Temp' } },
    TOPIC,
    '{"t":1763800000,"Line1.Press.Temp":41}',
    [`line-3 cyl-07 ${AT} 41 null`],
  ],
  [
    'the time of its arrival',
    { time: 'arrival' },
    TOPIC,
    '{"rVibration_Temp":41}',
    [`line-3 cyl-07 ${AT} 41 null`],
  ],
  [
    'a date and a clock apart',
    { time: { from: ['d', 'c'], as: 'day-month-year' } },
    TOPIC,
    '{"d":"22/11/2025","c":"08:26:40","rVibration_Temp":41}',
    [`line-3 cyl-07 ${AT} 41 null`],
  ],
  [
    'a code for the quality',
    { sensors: { rVibration_Temp: { from: 'v', quality: { from: 'q', good: [192, 'Good'] } } } },
    TOPIC,
    '[{"t":1763800000,"v":41,"q":192},{"t":1763800001,"v":42,"q":"Bad"},{"t":1763800002,"v":43}]',
    [
      `line-3 cyl-07 ${AT} 41 null`,
      `line-3 cyl-07 ${AT + 1000} null null`,
      `line-3 cyl-07 ${AT + 2000} null null`,
    ],
  ],
  [
    'a time that is none',
    { time: { from: 'ts', as: 'epoch-s' } },
    TOPIC,
    '{"ts":"soon","rVibration_Temp":41}',
    ['time'],
  ],
  [
    'a time before 2015',
    { time: { from: 'ts', as: 'epoch-s' } },
    TOPIC,
    '{"ts":5,"rVibration_Temp":41}',
    ['time'],
  ],
  [
    'none of its sensors',
    { sensors: { rVibration_Temp: 'a.b' } },
    TOPIC,
    '{"t":1763800000,"x":1}',
    ['sensor'],
  ],
  ['no gateway', { cylinder: 'c' }, 'elsewhere', '{"t":1763800000,"rVibration_Temp":1}', ['topic']],
  ['a list that is empty', { samples: 'rows' }, TOPIC, '{"rows":[]}', ['no-samples']],
  [
    'our own form, which needs no mapping',
    { sensors: { rVibration_Temp: 'temp' } },
    TOPIC,
    '{"v":1,"samples":[{"t":1763800000000,"rVibration_Temp":40,"probability":0.1}]}',
    [`line-3 cyl-07 ${AT} 40 null`],
  ],
];

for (const [what, mapping, topic, body, expected] of MAPPED) {
  test(`a mapping reads ${what}`, () => {
    const { samples, rejections } = readBy(mapping)(body, topic);
    const read = samples.map(
      ({ gateway, cylinder, t, values }) => `${gateway} ${cylinder} ${t} ${values[0]} ${values[3]}`,
    );
    assert.deepEqual([...read, ...rejections.map(({ reason }) => reason)], expected);
  });
}

test('what a mapping cannot read is told with the value, and what to write into it', () => {
  const detail = (mapping: unknown, body: string) => readBy(mapping)(body).rejections[0]?.detail;
  assert.equal(
    detail({ time: { from: 'ts' } }, '{"ts":45355.25,"rVibration_Temp":1}'),
    'ts: 45355.25 is no time of 2015 to 2100 in s, ms, µs or ns since 1970; if it is days of a spreadsheet, map time as excel',
  );
  assert.equal(
    detail({ cylinder: { from: 'machine' } }, '{"t":1763800000,"machine":"Press 1","rVibration_Temp":1}'),
    'the cylinder "Press 1" has " " (U+0020) as character 6: map it by names: {"cylinder": {…, "names": {"Press 1": "…"}}}',
  );
  assert.equal(
    detail({ sensors: { rVibration_Temp: 'a.b' } }, '{"t":1763800000,"rVibration_Temp":1,"wRMSCurrent":"x"}'),
    'wRMSCurrent: wRMSCurrent is no number: "x"',
  );
});

test('a value that stands still for too long is none, until it moves', () => {
  const read = readBy({ sensors: { rVibration_Temp: { from: 'v', stuckSeconds: 3 } } });
  const mapper = mapperOf({ sensors: { rVibration_Temp: { from: 'v', stuckSeconds: 3 } } });
  assert.equal(read('{"t":1763800000,"v":1}').samples[0]?.values[0], 1);
  const values = [5, 5, 5, 5, 5, 6, 6].map((v, second) => {
    const root = { t: AT + second * 1000, v };
    const one = mapper({ topic: TOPIC, receivedAt: AT }, { gateway: 'g', cylinder: 'c' }, [root])?.[0];
    return one !== undefined && 'fields' in one ? one.fields.rVibration_Temp : undefined;
  });
  assert.deepEqual(values, [5, 5, 5, null, null, 6, 6]);
});

test('whatever comes and wherever a mapping looks, a message is read or refused and nothing is thrown', () => {
  const path = fc.constantFrom('a', 'a.b', 'a.0', '__proto__', 'constructor.name', 'toString', 'a.b.c');
  const mapping = fc.record(
    {
      samples: path,
      gateway: fc.oneof(fc.constant('g'), fc.record({ from: path }), fc.constant({ topic: 2 })),
      cylinder: fc.oneof(fc.constant('c'), fc.record({ from: path }), fc.constant({ topic: 9 })),
      time: fc.oneof(
        fc.constant('arrival'),
        fc.record({ from: path, as: fc.constantFrom('auto', 'epoch-s', 'excel') }),
      ),
      decimal: fc.constantFrom('.', ','),
      sensors: fc.record({
        rVibration_Temp: path,
        wRMSCurrent: fc.record({ from: path, stuckSeconds: fc.constant(5) }),
      }),
    },
    { requiredKeys: [] },
  );
  const leaf = fc.oneof(
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(null, true, '41,5', 'NaN', 1763800000),
  );
  const { payload } = fc.letrec((tie) => ({
    payload: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie('payload'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('a', 'b', 'c', 't', 'a.b', '__proto__', 'rVibration_Temp'),
        tie('payload'),
      ),
    ),
  }));
  fc.assert(
    fc.property(mapping, payload, fc.constantFrom(TOPIC, 'x', ''), (given, value, topic) => {
      const { samples, rejections } = readBy(given)(JSON.stringify(value), topic);
      assert.ok(samples.length + rejections.length > 0);
      for (const { t, values } of samples) {
        assert.ok(Number.isSafeInteger(t));
        assert.ok(values.every((one) => one === null || Number.isFinite(one)));
      }
    }),
    RUNS,
  );
});
