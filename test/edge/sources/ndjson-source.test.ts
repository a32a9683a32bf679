import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { boundedLines, ndjsonSource, readNdjsonLine } from '../../../edge/sources/ndjson-source.ts';
import type { SourceEvent } from '../../../edge/sources/source.ts';

const NOW = 1_763_800_000_123;

async function* chunksOf(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(Buffer.from(part));
}

const READ: readonly [what: string, line: string, expected: readonly unknown[]][] = [
  [
    'all six sensors and a time',
    '{"cylinder":"cyl-07","t":1763800000000,"rVibration_Temp":48.2,"rVibration_Z_RMS_Velocity":2.31,"rVibration_X_RMS_Velocity":1.92,"wRMSCurrent":3.4,"wCurrentLoad":41,"wEncoderVelocity":1180}',
    ['cyl-07', 1_763_800_000_000, [48.2, 2.31, 1.92, 3.4, 41, 1180]],
  ],
  [
    'sensors that are absent or null as not answering, and no time as now',
    ' {"wRMSCurrent":0,"cylinder":"a","wCurrentLoad":null,"other":{}} ',
    ['a', NOW, [null, null, null, 0, null, null]],
  ],
  [
    'a date and time in UTC',
    '{"cylinder":"a","sDateTime":"2025-11-22 08:26:40.123","wRMSCurrent":1}',
    ['a', 1_763_800_000_123, [null, null, null, 1, null, null]],
  ],
  [
    'null for every sensor as a cylinder whose sensors are silent',
    '{"cylinder":"a","t":1763800000005,"wRMSCurrent":null}',
    ['a', 1_763_800_000_005, [null, null, null, null, null, null]],
  ],
];

for (const [what, line, [cylinder, t, values]] of READ) {
  test(`a line is read with ${what}`, () => {
    assert.deepEqual(readNdjsonLine(line, NOW), { ok: true, sample: { cylinder, t, values, label: null } });
  });
}

const REFUSED: readonly [line: string, message: RegExp][] = [
  ['', /"" is not a JSON object/],
  ['[1]', /is not a JSON object/],
  ['null', /is not a JSON object/],
  [`{"x":${'9'.repeat(500)}`, /^"\{\\"x\\":9{55}…" is not a JSON object$/],
  ['{"wRMSCurrent":1}', /cylinder must be a name/],
  ['{"cylinder":"a/b","wRMSCurrent":1}', /cylinder must be a name/],
  ['{"cylinder":"a","rms":1}', /none of the sensors is in it: rVibration_Temp, /],
  ['{"cylinder":"a","wRMSCurrent":"1.5"}', /wRMSCurrent must be a number, or be left out; it is "\\"1.5\\""/],
  ['{"cylinder":"a","wRMSCurrent":1e999}', /wRMSCurrent is too large/],
  ['{"cylinder":"a","t":"now","wRMSCurrent":1}', /no event time: t: "now" is no time$/],
  ['{"cylinder":"a","t":1.5,"wRMSCurrent":1}', /no event time: t: 1\.5 is no time of 2015 to 2100/],
];

for (const [line, message] of REFUSED) {
  test(`the line ${line.slice(0, 50)} is refused with what is wrong`, () => {
    const reading = readNdjsonLine(line, NOW);
    assert.ok(!reading.ok);
    assert.match(reading.message, message);
  });
}

test('lines are the same however the bytes are cut into chunks, and only those that are too long are lost', async () => {
  const anyLine = fc
    .string({ unit: 'grapheme', maxLength: 30 })
    .map((text) => text.replaceAll(/[\r\n]/g, ' '));
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyLine, { maxLength: 20 }),
      fc.array(fc.nat({ max: 400 }), { maxLength: 10 }),
      fc.constantFrom('\n', '\r\n'),
      async (lines, cuts, end) => {
        const bytes = Buffer.from(lines.map((line) => line + end).join(''));
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const parts = places.slice(1).map((place, index) => bytes.subarray(places[index], place));
        const read: (string | null)[] = [];
        for await (const some of boundedLines(chunksOf(...parts), 40))
          read.push(...some.map(({ text }) => text));
        assert.deepEqual(
          read,
          lines.map((line) => (Buffer.byteLength(line + end.slice(1)) > 40 ? null : line)),
        );
      },
    ),
  );
});

test('a stream of good, bad, empty and endless lines gives the good ones, and tells of the bad by their number', async () => {
  const events: SourceEvent[] = [];
  const good = (seq: number) => `{"cylinder":"a","t":${1_763_800_000_000 + seq},"wRMSCurrent":${seq}}\n`;
  const chunks = chunksOf(
    good(1),
    `nonsense\n\n${good(2)}`,
    'x'.repeat(9000),
    'x'.repeat(9000),
    `\n${good(3)}`,
    '{"cyl',
  );
  const times: number[] = [];
  for await (const batch of ndjsonSource({
    name: 'stdin',
    chunks,
    now: () => NOW,
    onEvent: (e) => events.push(e),
  }))
    times.push(...batch.map(({ t }) => t - 1_763_800_000_000));
  assert.deepEqual(times, [1, 2, 3]);
  assert.deepEqual(
    events.map(({ source, message }) => `${source} ${message}`),
    [
      'stdin line 2: "nonsense" is not a JSON object',
      'stdin line 5: it is longer than 16384 bytes',
      'stdin line 7: "{\\"cyl" is not a JSON object',
    ],
  );
});
