import fc from 'fast-check';
import type { IncidentNoticeType, NoticeOutput } from '../../domain/alarm/output.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import { ADVICES } from '../../domain/notice/advice.ts';
import type { Notice, NoticeFacts } from '../../domain/notice/notice.ts';

export const AT = Date.UTC(2026, 10, 23, 11, 5, 30);

export const FACTS: NoticeFacts = {
  gateway: 'line-3',
  beganAt: AT - 630_000,
  endedAt: null,
  endedByMaintenance: false,
  abnormalShare: 0.876,
  windowMs: 60_000,
  probability: 0.934,
  movers: [
    { sensor: 'rVibration_Z_RMS_Velocity', value: 5.678, low: 1.234, high: 2.345, deviation: 9 },
    { sensor: 'rVibration_Temp', value: 61.24, low: 44, high: 51.6, deviation: 3 },
  ],
  advice: 'bearing',
};

const INCIDENT_TYPES = [
  'RAISED',
  'REOPENED',
  'FLAPPING',
  'ESCALATED',
  'SHELF_EXPIRED',
  'REMINDER',
  'RECOVERED',
] as const satisfies readonly IncidentNoticeType[];

export const ABNORMAL_TYPES: readonly IncidentNoticeType[] = INCIDENT_TYPES.filter(
  (type) => type !== 'RECOVERED',
);

const incidentFields = {
  kind: 'notice' as const,
  cylinder: 'cyl-07',
  id: 'cyl-07@1763800000000#1',
  incident: 'cyl-07@1763800000000',
  severity: 'warning',
  at: AT,
};

export const noticeOf = (
  type: IncidentNoticeType,
  facts: NoticeFacts | null = FACTS,
  cylinder = 'cyl-07',
): Notice => ({
  output: { ...incidentFields, cylinder, type },
  facts,
});

const over: NoticeFacts = { ...FACTS, endedAt: AT - 30_000 };
const silence = { kind: 'notice' as const, gateway: 'line-3', id: 'line-3@1763800000000#1', at: AT };

export const OCCURRED: Notice = {
  output: { ...incidentFields, type: 'OCCURRED', incidents: [incidentFields.incident], count: 3 },
  facts: over,
};
export const SILENT_GATEWAY: Notice = { output: { ...silence, type: 'OFFLINE' }, facts: null };
export const SILENT_CYLINDER: Notice = {
  output: { ...silence, cylinder: 'cyl-07', type: 'OFFLINE' },
  facts: FACTS,
};

/** A notice of every kind, by a name for it. */
export const EVERY_NOTICE: readonly (readonly [string, Notice])[] = [
  ...ABNORMAL_TYPES.map((type) => [type, noticeOf(type)] as const),
  ['RECOVERED', noticeOf('RECOVERED', over)],
  ['RECOVERED by maintenance', noticeOf('RECOVERED', { ...over, endedByMaintenance: true })],
  ['RAISED of which nothing is known', noticeOf('RAISED', null)],
  ['OCCURRED', OCCURRED],
  ['OFFLINE of a gateway', SILENT_GATEWAY],
  ['ONLINE of a gateway', { output: { ...silence, type: 'ONLINE' }, facts: null }],
  ['OFFLINE of a cylinder', SILENT_CYLINDER],
  ['ONLINE of a cylinder', { output: { ...silence, cylinder: 'cyl-07', type: 'ONLINE' }, facts: FACTS }],
];

const LATEST_MS = 8.64e15;
const time = fc.oneof(fc.constant(AT), fc.integer({ min: 0, max: LATEST_MS }));
/** Any text at all: control characters, halves of surrogate pairs, emojis, Korean, and far too long ones. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom('a', '\n', '`', '<', '울산', '\ud83d', '\ude00', '😀', '\u202e'),
    minLength: 1,
    maxLength: 300,
  }),
);
export const anyName = fc.stringMatching(/^[a-zA-Z0-9:_-]{1,128}$/);
const number = fc.double({ noNaN: true });

const anyFacts: fc.Arbitrary<NoticeFacts> = fc.record({
  gateway: fc.option(fc.oneof(anyName, anyText)),
  beganAt: fc.option(time),
  endedAt: fc.option(time),
  endedByMaintenance: fc.boolean(),
  abnormalShare: fc.double({ min: 0, max: 1, noNaN: true }),
  windowMs: fc.nat(),
  probability: fc.double({ min: 0, max: 1, noNaN: true }),
  movers: fc.array(
    fc.record({
      sensor: fc.constantFrom(...SENSORS),
      value: number,
      low: fc.option(number),
      high: fc.option(number),
      deviation: number,
    }),
    { maxLength: 3 },
  ),
  advice: fc.constantFrom(...ADVICES),
});

const ids = { kind: fc.constant('notice' as const), id: anyText, at: time };
const subject = fc.oneof(anyName, anyText);
const incident = { ...ids, cylinder: subject, incident: anyText, severity: anyText };
const silences = fc.constantFrom('OFFLINE' as const, 'ONLINE' as const);

const anyOutput: fc.Arbitrary<NoticeOutput> = fc.oneof(
  fc.record({ ...incident, type: fc.constantFrom(...INCIDENT_TYPES) }),
  fc.record({
    ...incident,
    type: fc.constant('OCCURRED' as const),
    incidents: fc.array(anyText, { maxLength: 8 }),
    count: fc.nat(),
  }),
  fc.record({ ...ids, type: silences, gateway: subject }),
  fc.record({ ...ids, type: silences, gateway: subject, cylinder: subject }),
);

/** A notice with whatever names, texts and values. */
export const anyNotice: fc.Arbitrary<Notice> = fc.record({ output: anyOutput, facts: fc.option(anyFacts) });
