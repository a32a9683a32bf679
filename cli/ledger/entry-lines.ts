import type { CylinderState, Incident } from '../../domain/alarm/state/state.ts';
import type { CylinderRecord, GatewayRecord } from '../../domain/cylinder/cylinder-record.ts';
import { missingSamples, type Statistics } from '../../domain/cylinder/statistics.ts';
import { durationText, utcText } from '../../notification/time-text.ts';
import type { Ledger } from '../../usecases/ports/ledger.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';

/** Something that went out with a change of a record, or has yet to: what it is, and how far it got. */
export type OutgoingItem = Readonly<{ what: string; state: string }>;

/** What a ledger holds of one cylinder or gateway. */
export type LedgerEntry = Readonly<{
  /** Which ledger it is, in words. */
  ledger: string;
  name: string;
  version: number;
  outgoing: readonly OutgoingItem[];
}> &
  (
    | Readonly<{ kind: 'cylinder'; record: CylinderRecord }>
    | Readonly<{ kind: 'gateway'; record: GatewayRecord }>
  );

/** Reads the record of a cylinder or gateway into an entry of its ledger; null where there is none of that name. */
export const entryOf = async (
  ledger: Pick<Ledger, 'cylinders' | 'gateways'>,
  { kind, name }: NoticeSubject,
  about: Pick<LedgerEntry, 'ledger' | 'outgoing'>,
): Promise<LedgerEntry | null> => {
  if (kind === 'cylinder') {
    const found = (await ledger.cylinders([name])).get(name);
    return found === undefined ? null : { ...about, name, kind, ...found };
  }
  const found = (await ledger.gateways([name])).get(name);
  return found === undefined ? null : { ...about, name, kind, ...found };
};

/** What is said under a title; null where there is nothing to say. */
type Line = readonly [title: string, text: string | null];

const atOrNever = (ms: number | null): string => (ms === null ? 'never' : utcText(ms));

const list = (parts: readonly (string | null)[]): string => parts.filter((part) => part !== null).join(', ');

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

const incidentText = (incident: Incident): string => {
  const { closing, clearedAt, endedAt, endedBy } = incident;
  return list([
    incident.id,
    incident.severity,
    clearedAt === null && endedAt === null ? 'open' : 'over',
    `began ${utcText(incident.beganAt)}`,
    `raised ${utcText(incident.raisedAt)}`,
    clearedAt === null ? null : `cleared ${utcText(clearedAt)}`,
    incident.reopenings === 0 ? null : `reopened ${count(incident.reopenings, 'time')}`,
    count(incident.notices, 'notice'),
    incident.acknowledgedBy === null ? 'not acknowledged' : `acknowledged by ${incident.acknowledgedBy}`,
    endedAt === null
      ? null
      : `ended by ${endedBy === 'policy' ? 'a new sample period' : 'maintenance'} ${utcText(endedAt)}`,
    closing === null ? null : `closed by ${closing.by} as ${closing.outcome}`,
    incident.final ? 'another raise is another incident' : null,
  ]);
};

const notifiedText = ({ notified, ...alarm }: CylinderState): string => {
  if (notified === null) return 'nothing';
  const { raisedAt, severity, flapping, reminders, remindedAt } = notified;
  return list([
    raisedAt === alarm.incident?.raisedAt ? alarm.incident.id : `an earlier one, raised ${utcText(raisedAt)}`,
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

const offlineText = (liveness: CylinderState['liveness']): string =>
  liveness?.offline == null
    ? ''
    : `; told as OFFLINE${liveness.offline.flapping ? ', flapping,' : ''} since ${utcText(liveness.offline.lastHeardAt)}`;

const judgedText = ({ judging: { judgedAt, unwatched } }: CylinderState): string =>
  unwatched === null
    ? `last ${atOrNever(judgedAt)}`
    : `not since ${utcText(unwatched.since)}, told as UNWATCHED: ${unwatched.cause}`;

const alarmLines = (alarm: CylinderState): readonly Line[] => {
  const { condition, hold, incident, unnotified, liveness } = alarm;
  return [
    ['condition', hold === 0 ? condition : `${condition}, quiet for ${count(hold, 'slot')}`],
    ['window', windowText(alarm)],
    ['incident', incident === null ? 'none yet' : incidentText(incident)],
    ['people know of', notifiedText(alarm)],
    ['never told', unnotified === null ? null : count(unnotified.count, 'incident')],
    ['shelved', untilText(alarm.shelf)],
    ['maintenance', untilText(alarm.maintenance)],
    [
      'last heard',
      `${atOrNever(liveness?.lastHeardAt ?? null)} by gateway ${alarm.gateway ?? '-'}${offlineText(liveness)}`,
    ],
    ['last seen', atOrNever(alarm.lastSeenAt)],
    ['judged', judgedText(alarm)],
    [
      'slots',
      `${alarm.pendingSteps.length} wait for stragglers; ${count(alarm.lateSamples, 'sample')} came too late`,
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

const gatewayLines = ({ lastHeardAt, heardSince, offline }: GatewayRecord): readonly Line[] => [
  ['last heard', utcText(lastHeardAt)],
  ['without a pause', `since ${utcText(heardSince)}`],
  [
    'told as OFFLINE',
    offline === null ? 'no' : `since ${utcText(offline.lastHeardAt)}${offline.flapping ? ', flapping' : ''}`,
  ],
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
