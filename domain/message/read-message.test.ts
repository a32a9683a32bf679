import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcome, payloadOf, readBody, readValue, TOPIC, WHOLE_SAMPLE } from '../../test/fixture/message.ts';
import { MAX_BODY_BYTES } from './decode-body.ts';
import { readPayload } from './read-message.ts';

const ROOT = 'greengrass/ml/inference';
const body = JSON.stringify(payloadOf(WHOLE_SAMPLE, WHOLE_SAMPLE));
const read = { cylinder: 'cyl-07', gateway: 'line-3' };

test('a batched message is read sample by sample', () => {
  const { t, seq, probability, why } = WHOLE_SAMPLE;
  const values = [48.2, 2.31, 1.92, 3.4, 41, 1180];
  const { boot, model } = payloadOf();
  const sample = { ...read, t, boot, seq, model, values, probability, why };
  assert.deepEqual(readBody(body), { gateway: 'line-3', samples: [sample, sample], rejections: [] });
});

test('a flat message is one sample, known by its time', () => {
  const flat = {
    sDateTime: '2025-11-22 08:26:40.123',
    wCylinderStatus: 3,
    rVibration_Temp: 48.2,
    wRMSCurrent: 3.4,
    probability: 0.4,
  };
  assert.deepEqual(readValue(flat), {
    gateway: 'line-3',
    samples: [
      {
        ...read,
        t: Date.UTC(2025, 10, 22, 8, 26, 40, 123),
        boot: null,
        seq: null,
        model: null,
        values: [48.2, null, null, 3.4, null, null],
        probability: 0.4,
        why: null,
      },
    ],
    rejections: [],
  });
});

test('a flat message may have boot, seq and version, and name its cylinder', () => {
  const flat = { ...WHOLE_SAMPLE, v: 1, cylinder: 'a', boot: 'b1' };
  const [sample] = readValue(flat, `${ROOT}/g`).samples;
  assert.deepEqual([sample?.cylinder, sample?.gateway, sample?.boot, sample?.seq], ['a', 'g', 'b1', 41]);
});

test('a message cut off at any byte is refused whole, and none of them throws', () => {
  const bytes = new TextEncoder().encode(body);
  for (let length = 1; length < bytes.length; length += 1) {
    const reading = readBody(bytes.subarray(0, length));
    assert.equal(outcome(reading), '0 not-json', `cut at ${length}`);
    assert.deepEqual([reading.gateway, reading.rejections[0]?.cylinder], ['line-3', 'cyl-07']);
  }
});

test('a message with any one byte turned is read or refused, and none of them throws', () => {
  const bytes = new TextEncoder().encode(body);
  for (let index = 0; index < bytes.length; index += 1) {
    const damaged = Uint8Array.from(bytes, (byte, at) => (at === index ? byte ^ 0xff : byte));
    assert.equal(outcome(readBody(damaged)), '0 not-utf8');
  }
});

const bytesOf = (...bytes: readonly number[]) => Uint8Array.from(bytes);
const encoded = (text: string) => new TextEncoder().encode(text);

const SOUND = '{"t":1763800000123,"wRMSCurrent":1,"probability":0.5';

const BODIES: readonly (readonly [string, string | Uint8Array, string])[] = [
  ['nothing', '', '0'],
  ['blanks', '  \n ', '0 not-json'],
  ['no JSON', 'hello', '0 not-json'],
  ['single quotes', "{'t':1}", '0 not-json'],
  ['a trailing comma', '{"t":1,}', '0 not-json'],
  ['two messages in one', `${SOUND}}${SOUND}}`, '0 not-json'],
  ['a control character in a text', '{"cylinder":"cyl\u0001"}', '0 not-json'],
  ['null', 'null', '0 not-an-object'],
  ['a number', '5', '0 not-an-object'],
  ['a text', '"x"', '0 not-an-object'],
  ['a list', '[]', '0 not-an-object'],
  ['bytes that are no UTF-8', bytesOf(0xff, 0xfe), '0 not-utf8'],
  ['an overlong encoding', bytesOf(0x22, 0xc0, 0xaf, 0x22), '0 not-utf8'],
  ['a lone surrogate in bytes', bytesOf(0x22, 0xed, 0xa0, 0x80, 0x22), '0 not-utf8'],
  ['UTF-16', Uint8Array.from(Buffer.from('{"t":1}', 'utf16le')), '0 time'],
  ['a byte order mark before it', Uint8Array.from([0xef, 0xbb, 0xbf, ...encoded(body)]), '2'],
  ['a lone surrogate for a cylinder', '{"cylinder":"\\ud800","t":1,"probability":0.5}', '0 cylinder'],
  ['a hundred thousand open brackets', '['.repeat(100_000), '0 not-json'],
  ['sixty thousand lists in one another', '['.repeat(60_000) + ']'.repeat(60_000), '0 not-an-object'],
  ['objects deep within a sample', `${SOUND},"x":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`, '1'],
  ['lists deep within why', `${SOUND},"why":${'['.repeat(60_000)}${']'.repeat(60_000)}}`, '0 why'],
  ['a message of 3 MB', `{"t":1,"probability":0.5,"x":"${'x'.repeat(3_000_000)}"}`, '0 too-large'],
  ['as much as may be carried', body.padEnd(MAX_BODY_BYTES), '2'],
  ['a byte more', body.padEnd(MAX_BODY_BYTES + 1), '0 too-large'],
];
for (const [name, bytes, expected] of BODIES) {
  test(`${name} ends as ${expected}`, () => assert.equal(outcome(readBody(bytes)), expected));
}

const VALUES: readonly (readonly [string, unknown, string])[] = [
  ['no field at all', {}, '0 time'],
  ['samples that are no list', { samples: {} }, '0 no-samples'],
  ['samples of null', { samples: null }, '0 no-samples'],
  ['no sample', { samples: [] }, '0 no-samples'],
  [
    'samples that are no objects',
    { samples: [null, 3, 'x', [], true, {}] },
    '0 sample sample sample sample sample time',
  ],
  [
    'a good sample among bad ones',
    payloadOf({}, WHOLE_SAMPLE, { t: 1_763_800_000_005, wRMSCurrent: 1 }),
    '1 time probability',
  ],
  ['another version', { ...payloadOf(WHOLE_SAMPLE), v: 2 }, '0 version'],
  ['a version as text', { ...payloadOf(WHOLE_SAMPLE), v: '1' }, '0 version'],
  ['a version of null', { ...payloadOf(WHOLE_SAMPLE), v: null }, '0 version'],
  [
    'a cylinder of another name than the topic',
    { ...payloadOf(WHOLE_SAMPLE), cylinder: 'cyl-08' },
    '0 cylinder',
  ],
  ['a cylinder with a slash', { ...payloadOf(WHOLE_SAMPLE), cylinder: 'a/b' }, '0 cylinder'],
  ['a cylinder with a number sign', { ...payloadOf(WHOLE_SAMPLE), cylinder: 'a#' }, '0 cylinder'],
  ['a cylinder with a plus', { ...payloadOf(WHOLE_SAMPLE), cylinder: '+' }, '0 cylinder'],
  ['a cylinder with a control character', { ...payloadOf(WHOLE_SAMPLE), cylinder: 'a\u0000' }, '0 cylinder'],
  ['a cylinder that is a number', { ...payloadOf(WHOLE_SAMPLE), cylinder: 7 }, '0 cylinder'],
  ['an empty cylinder', { ...payloadOf(WHOLE_SAMPLE), cylinder: '' }, '0 cylinder'],
  ['a cylinder of null', { ...payloadOf(WHOLE_SAMPLE), cylinder: null }, '1'],
  ['a boot that is a number', { ...payloadOf(WHOLE_SAMPLE), boot: 7 }, '1'],
];
for (const [name, value, expected] of VALUES) {
  test(`a message with ${name} ends as ${expected}`, () => assert.equal(outcome(readValue(value)), expected));
}

test('ten thousand samples are more than a message carries; as a value they are all read', () => {
  const many = payloadOf(...Array.from({ length: 10_000 }, (_, index) => ({ ...WHOLE_SAMPLE, seq: index })));
  assert.equal(outcome(readValue(many)), '0 too-large');
  assert.equal(readPayload(TOPIC, many).samples.length, 10_000);
});

test('small samples by the thousand are all read', () => {
  const t = (index: number) => 1_763_800_000_000 + index;
  const samples = Array.from({ length: 2000 }, (_, index) => ({
    t: t(index),
    wRMSCurrent: 1,
    probability: 0,
  }));
  assert.equal(readValue(payloadOf(...samples)).samples.length, 2000);
});

test('a field that is there twice has its last value, always', () => {
  const twice =
    '{"t":1763800000001,"t":1763800000002,"wRMSCurrent":1,"probability":0.1,"probability":0.2,"cylinder":"x","cylinder":"cyl-07"}';
  const [sample] = readBody(twice).samples;
  assert.deepEqual([sample?.t, sample?.probability, sample?.cylinder], [1_763_800_000_002, 0.2, 'cyl-07']);
});

test('nothing in a message reaches a prototype, nor is read from one', () => {
  const hostile =
    '{"__proto__":{"t":5,"probability":0.5,"cylinder":"evil","polluted":1},"constructor":{"prototype":{"polluted":1}},"samples":[{"__proto__":{"t":5,"probability":0.5}}]}';
  assert.equal(outcome(readBody(hostile)), '0 time');
  assert.equal(outcome(readBody('{"__proto__":{"samples":[{"t":1,"probability":0.5}]}}')), '0 time');
  assert.equal(Reflect.get({}, 'polluted'), undefined);
});

test('a cylinder called __proto__ or constructor is a cylinder like any other', () => {
  for (const cylinder of ['__proto__', 'constructor', 'toString']) {
    const [sample] = readValue({ ...payloadOf(WHOLE_SAMPLE), cylinder }, `${ROOT}/g/${cylinder}`).samples;
    assert.equal(sample?.cylinder, cylinder);
  }
});

test('the topic alone may name the cylinder, or the payload alone, but one of them must', () => {
  const { cylinder: _, ...unnamed } = payloadOf(WHOLE_SAMPLE);
  assert.equal(readValue(unnamed).samples[0]?.cylinder, 'cyl-07');
  assert.equal(readValue(payloadOf(WHOLE_SAMPLE), `${ROOT}/line-3`).samples[0]?.cylinder, 'cyl-07');
  assert.equal(readValue(payloadOf(WHOLE_SAMPLE), `${ROOT}/line-3/`).samples[0]?.cylinder, 'cyl-07');
  assert.equal(outcome(readValue(unnamed, `${ROOT}/line-3`)), '0 cylinder');
});

test('a topic from nowhere is refused before all else, and leaves no gateway', () => {
  for (const bytes of [body, 'null', '{}']) {
    const reading = readBody(bytes, 'somewhere/else');
    assert.deepEqual([outcome(reading), reading.gateway], ['0 topic', null]);
  }
});

test('what could not be read on a strange topic is refused for its bytes, without a gateway', () => {
  assert.deepEqual(outcome(readBody('{', 'somewhere/else')), '0 not-json');
  assert.equal(readBody('{', 'somewhere/else').gateway, null);
});

test('a label of a boot or a model is kept while it is text of at most 128 characters', () => {
  const read = (boot: unknown) => readValue({ ...payloadOf(WHOLE_SAMPLE), boot, model: boot }).samples[0];
  for (const label of ['b', 'x'.repeat(128)])
    assert.deepEqual([read(label)?.boot, read(label)?.model], [label, label]);
  for (const label of ['', 'x'.repeat(129), 7, null]) {
    assert.deepEqual([read(label)?.boot, read(label)?.seq, read(label)?.model], [null, null, null]);
  }
});

test('a rejection says where in the message, of which cylinder and time, and why in words', () => {
  const { rejections } = readValue(
    payloadOf(WHOLE_SAMPLE, { t: 1_763_800_000_005, wRMSCurrent: 1, probability: 2 }, 'x'),
  );
  assert.deepEqual(rejections, [
    {
      reason: 'probability',
      detail: 'probability: expected a number from 0 to 1, received 2',
      index: 1,
      cylinder: 'cyl-07',
      t: 1_763_800_000_005,
    },
    { reason: 'sample', detail: 'the sample is not an object', index: 2, cylinder: 'cyl-07', t: null },
  ]);
});

test('a message refused whole says why in words', () => {
  const detail = (value: unknown, topic?: string) => readValue(value, topic).rejections[0]?.detail;
  assert.equal(detail({}, 'x'), 'not greengrass/ml/inference/<gateway>[/<cylinder>]');
  assert.match(detail(3) ?? '', /^the payload is not a JSON object; it is one value by itself: let /);
  assert.equal(detail(null), 'the payload is not a JSON object');
  assert.equal(detail({ v: 7 }), 'the payload has a version other than 1');
  assert.equal(detail({ cylinder: 'x' }), 'the topic names cyl-07 and the payload x');
  assert.equal(detail({}, `${ROOT}/g`), 'neither the topic nor the payload names the cylinder');
  assert.match(
    detail({ cylinder: 'a b' }) ?? '',
    /^cylinder is not a name of letters.*: it has " " \(U\+0020\) as character 2$/,
  );
  assert.match(detail({ cylinder: 7 }) ?? '', /: it is not a text$/);
  assert.equal(detail({ samples: [] }), 'samples is not a list with at least one sample');
  assert.match(readBody('{').rejections[0]?.detail ?? '', /JSON/);
  assert.match(
    readBody('x'.repeat(MAX_BODY_BYTES + 1)).rejections[0]?.detail ?? '',
    /^131073 bytes, the most is 131072$/,
  );
});

test('bytes that are no text say which is the first that cannot be there', () => {
  const detail = (...bytes: readonly number[]) => readBody(Uint8Array.from(bytes)).rejections[0]?.detail;
  assert.equal(detail(0x7b, 0x22, 0xff, 0xfe, 0x22), 'the bytes are not UTF-8 text: 0xFF as byte 3');
  assert.equal(detail(0xc3, 0x22), 'the bytes are not UTF-8 text: 0x22 as byte 2');
  assert.equal(detail(0x80), 'the bytes are not UTF-8 text: 0x80 as byte 1');
  assert.equal(detail(0x22, 0xe2, 0x82), 'the bytes are not UTF-8 text: its last character is cut off');
});
