import type { CylinderState, Incident } from '../../domain/alarm/state/state.ts';
import type { CylinderRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { GatewayRecord } from '../../domain/cylinder/gateway-record.ts';
import { missingSamples, type Statistics } from '../../domain/cylinder/statistics.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** What is said under a title; null where there is nothing to say. */
type Line = readonly [title: string, text: string | null];

const atOrNever = (ms: number | null): string => (ms === null ? 'never' : utcText(ms));

const list = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(', ');

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

const incidentText = (incident: Incident, samplePeriodMs: number): string => {
  const { closing, clearedSlot, endedAt } = incident;
  return list([
    incident.id,
    incident.severity,
    clearedSlot === null && endedAt === null ? 'open' : 'over',
    `began ${utcText(incident.beganAt)}`,
    `raised ${utcText(incident.raisedAt)}`,
    clearedSlot === null ? null : `cleared ${utcText(clearedSlot * samplePeriodMs)}`,
    incident.reopenings === 0 ? null : `reopened ${count(incident.reopenings, 'time')}`,
    count(incident.notices, 'notice'),
    incident.acknowledgedBy === null ? 'not acknowledged' : `acknowledged by ${incident.acknowledgedBy}`,
    endedAt === null ? null : `ended by maintenance ${utcText(endedAt)}`,
    closing === null ? null : `closed by ${closing.by} as ${closing.outcome}`,
    incident.final ? 'another raise is another incident' : null,
  ]);
};

const toldText = ({ told }: CylinderState): string => {
  if (told === null) return 'nothing';
  const { incident, severity, flapping, reminders, remindedAt } = told;
  return list([
    incident,
    severity,
    flapping ? 'flapping' : null,
    `${count(reminders, 'reminder')}, their clock started ${utcText(remindedAt)}`,
  ]);
};

const windowText = ({ window, samplePeriodMs }: CylinderState): string => {
  const { abnormalSlots, countedSlots, size, end } = window;
  const until = end === null ? '' : `, up to ${utcText(end * samplePeriodMs)}`;
  return `${abnormalSlots} abnormal of ${countedSlots} counted slots in ${durationText(size * samplePeriodMs)}${until}`;
};

const untilText = (limit: CylinderState['shelf'] | CylinderState['maintenance']): string | null =>
  limit === null ? null : `until ${utcText(limit.until)} by ${limit.by}: ${limit.reason}`;

const alarmLines = (alarm: CylinderState): readonly Line[] => {
  const { condition, hold, incident, missed, silence, samplePeriodMs } = alarm;
  const offline = silence === null ? '' : `; told as OFFLINE since ${utcText(silence.lastSeenAt)}`;
  return [
    ['condition', hold === 0 ? condition : `${condition}, quiet for ${count(hold, 'slot')}`],
    ['window', windowText(alarm)],
    ['incident', incident === null ? 'none yet' : incidentText(incident, samplePeriodMs)],
    ['people know of', toldText(alarm)],
    ['never told', missed === null ? null : count(missed.count, 'incident')],
    ['shelved', untilText(alarm.shelf)],
    ['maintenance', untilText(alarm.maintenance)],
    ['last heard', `${atOrNever(alarm.lastSeenAt)} by gateway ${alarm.gateway ?? '-'}${offline}`],
    [
      'slots',
      `${alarm.pending.length} wait for stragglers; ${count(alarm.lateSamples, 'sample')} came too late`,
    ],
  ];
};

const statisticsLines = ({ last, ...statistics }: Statistics): readonly Line[] => [
  [
    'last sample',
    list([
      utcText(last.t),
      `probability ${last.probability}`,
      last.boot === null ? null : `boot ${last.boot}`,
      last.seq === null ? null : `number ${last.seq}`,
      `model ${last.model ?? '-'}`,
    ]),
  ],
  [
    'running',
    `${durationText(statistics.runningMs)}, ${count(missingSamples({ last, ...statistics }), 'sample')} missing`,
  ],
];

const cylinderLines = ({ alarm, statistics, refused, ...record }: CylinderRecord): readonly Line[] => [
  ...alarmLines(alarm),
  ...(statistics === null ? [] : statisticsLines(statistics)),
  ['in force', Object.keys(record.commands).join(', ') || 'no command'],
  ['refused', refused === null ? null : `${refused.type} at ${utcText(refused.at)}: ${refused.words}`],
  ['policy', record.overrides === null ? "the plant's" : `its own ${JSON.stringify(record.overrides)}`],
  ['twin', `written ${atOrNever(record.twinAt)}`],
];

const gatewayLines = ({ lastHeardAt, speakingSince, offlineSince }: GatewayRecord): readonly Line[] => [
  ['last heard', utcText(lastHeardAt)],
  ['without a pause', `since ${utcText(speakingSince)}`],
  ['told as OFFLINE', offlineSince === null ? 'no' : `since ${utcText(offlineSince)}`],
];

const dueText = (dueAt: number | null, now: number): string => {
  if (dueAt === null) return 'never: time alone changes nothing';
  if (dueAt > now) return `at ${utcText(dueAt)}, in ${durationText(dueAt - now)}`;
  return `since ${utcText(dueAt)}, for ${durationText(now - dueAt)}: the next sweep takes it`;
};

const outgoingLines = ({ outgoing }: LedgerEntry): readonly Line[] =>
  outgoing.length === 0
    ? [['outgoing', 'nothing']]
    : outgoing.map(({ what, state }, index): Line => [index === 0 ? 'outgoing' : '', `${what}: ${state}`]);

/** What a ledger holds of one cylinder or gateway, as lines for people; `now` in ms. */
export const entryLines = (entry: LedgerEntry, now: number): readonly string[] => {
  const lines: readonly Line[] = [
    ...(entry.kind === 'cylinder' ? cylinderLines(entry.record) : gatewayLines(entry.record)),
    ['due', dueText(entry.record.dueAt, now)],
    ...outgoingLines(entry),
  ];
  const width = Math.max(...lines.map(([title]) => title.length)) + 2;
  return [
    `${entry.kind} ${entry.name}, version ${entry.version}, in ${entry.ledger}`,
    ...lines.filter(([, text]) => text !== null).map(([title, text]) => `  ${title.padEnd(width)}${text}`),
  ];
};
