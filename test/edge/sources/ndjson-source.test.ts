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
    assert.deepEqual(readNdjsonLine(line, NOW), {
      samples: [{ cylinder, t, values, label: null }],
      faults: [],
    });
  });
}

const REFUSED: readonly [line: string, message: RegExp][] = [
  ['', /"" is not a JSON object/],
  ['[1]', /is not a JSON object/],
  ['turck/st7 {"cylinder":"a"}', /it begins with a topic: leave out -v of mosquitto_sub/],
  ['{"cylinder":"st 7","wRMSCurrent":1}', /it has " " \(U\+0020\) as character 3$/],
  ['null', /is not a JSON object/],
  [`{"x":${'9'.repeat(500)}`, /^"\{\\"x\\":9{55}…" is not a JSON object$/],
  ['{"wRMSCurrent":1}', /cylinder must be a name/],
  ['{"cylinder":"a/b","wRMSCurrent":1}', /cylinder must be a name/],
  [
    '{"cylinder":"a","rms":1}',
    /none of the six sensors is in it, found cylinder, rms, .*looked for rVibration_Temp, /,
  ],
  [
    '{"cylinder":"a","wRMSCurrent":"1.5"}',
    /wRMSCurrent: expected a finite number, received "1.5"; a mapping/,
  ],
  ['{"cylinder":"a","wRMSCurrent":1e999}', /wRMSCurrent: expected a finite number, received Infinity/],
  ['{"cylinder":"a","t":"now","wRMSCurrent":1}', /no event time: t: "now" is no time$/],
  ['{"cylinder":"a","t":1.5,"wRMSCurrent":1}', /no event time: t: 1\.5 is no time of 2015 to 2100/],
];

for (const [line, message] of REFUSED) {
  test(`the line ${line.slice(0, 50)} is refused with what is wrong`, () => {
    const reading = readNdjsonLine(line, NOW);
    assert.equal(reading.samples.length, 0);
    assert.match(reading.faults[0]?.message ?? '', message);
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

test('lines as bridges print them are read, or refused with the reason that they are counted by', () => {
  const six =
    '"rVibration_Temp":41.5,"rVibration_Z_RMS_Velocity":2.2,"rVibration_X_RMS_Velocity":1.8,"wRMSCurrent":3.1,"wCurrentLoad":39,"wEncoderVelocity":1190';
  const lines: readonly (readonly [string, string])[] = [
    [`{${six},"wCylinderStatus":0,"sDateTime":"2025-11-22 08:26:40.064"}`, 'cylinder'],
    [`{"cylinder":"st7",${six},"sDateTime":"2025-11-22 08:26:40.064","timeInSeconds":1763800000}`, 'read'],
    [`{"cylinder":"st7",${six},"t":"2025-11-22T08:26:40.066Z"}`, 'read'],
    [`{"cylinder":"st7",${six},"t":1763800000}`, 'read'],
    ['{"cylinder":"st7","rVibration_Temp":NaN,"wRMSCurrent":3.1}', 'read'],
    ['{"cylinder":"st7","rVibration_Temp":"41.5","wRMSCurrent":3.1}', 'sensor'],
    [`{"cylinder":"st 7",${six}}`, 'cylinder'],
    [`turck/station7 {"cylinder":"st7",${six}}`, 'not-json'],
    [`[{"cylinder":"st7",${six}},{"cylinder":"st8",${six}}]`, 'read read'],
    ['{"cylinder":"st7","t":3000,"wRMSCurrent":3.1}', 'time'],
  ];
  for (const [line, expected] of lines) {
    const { samples, faults } = readNdjsonLine(line, NOW);
    assert.equal(
      [...samples.map(() => 'read'), ...faults.map(({ reason }) => reason)].join(' '),
      expected,
      line,
    );
  }
});
