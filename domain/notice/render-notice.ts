import type { NoticeOutput } from '../alarm/output.ts';
import type { Sensor } from '../message/sample.ts';
import { durationText } from './duration-text.ts';
import type { Mover } from './movers.ts';
import type { Notice, NoticeFacts } from './notice.ts';

/** How the sensors are called in a notice, with unit and decimals. */
const SENSOR_TEXT: Readonly<Record<Sensor, Readonly<{ name: string; unit: string; digits: number }>>> = {
  rVibration_Temp: { name: 'temperature', unit: '°C', digits: 1 },
  rVibration_Z_RMS_Velocity: { name: 'vibration Z', unit: 'mm/s', digits: 2 },
  rVibration_X_RMS_Velocity: { name: 'vibration X', unit: 'mm/s', digits: 2 },
  wRMSCurrent: { name: 'current', unit: 'A', digits: 2 },
  wCurrentLoad: { name: 'load', unit: '%', digits: 0 },
  wEncoderVelocity: { name: 'speed', unit: 'RPM', digits: 0 },
};

/** Where and for whom a notice is written. */
export type Reader = Readonly<{
  /** An IANA time zone, as `Europe/Berlin`. */
  timeZone: string;
}>;

const HEADLINES: Readonly<Record<NoticeOutput['type'], string>> = {
  RAISED: 'stays abnormal',
  REOPENED: 'is abnormal again',
  FLAPPING: 'keeps going in and out of abnormal: told once until it stays quiet',
  ESCALATED: 'has got worse',
  SHELF_EXPIRED: 'is still abnormal and its shelf has run out',
  REMINDER: 'is still abnormal and nobody has acknowledged it',
  RECOVERED: 'is back to normal',
  OCCURRED: 'was abnormal and is back to normal: it came in late',
  OFFLINE: 'has gone silent',
  ONLINE: 'is heard again',
};

const ENDED_BY_MAINTENANCE = 'is in maintenance, which ends the incident';

const timeText = (ms: number, { timeZone }: Reader): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(ms);

const moverText = ({ sensor, value, low, high }: Mover): string => {
  const { name, unit, digits } = SENSOR_TEXT[sensor];
  const usual =
    low === null || high === null
      ? 'usual range not known yet'
      : `usually ${Math.max(0, low).toFixed(digits)}–${high.toFixed(digits)}`;
  return `${name} ${value.toFixed(digits)} ${unit} (${usual})`;
};

const windowText = (ms: number): string => (ms === 60_000 ? 'minute' : durationText(ms));

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const isAbnormal = (type: NoticeOutput['type']): boolean =>
  type !== 'RECOVERED' && type !== 'OCCURRED' && type !== 'OFFLINE' && type !== 'ONLINE';

const factLines = (type: NoticeOutput['type'], at: number, facts: NoticeFacts, reader: Reader): string[] => {
  const { beganAt, endedAt } = facts;
  const lines: string[] = [];
  if (isAbnormal(type)) {
    if (beganAt !== null) lines.push(`since ${timeText(beganAt, reader)} (${durationText(at - beganAt)})`);
    lines.push(
      `${percent(facts.abnormalShare)} of the last ${windowText(facts.windowMs)} abnormal, probability ${facts.probability.toFixed(2)}`,
    );
    if (facts.movers.length > 0) lines.push(`moved most: ${facts.movers.map(moverText).join(', ')}`);
    lines.push(`look at ${facts.advice}`);
  } else if (beganAt !== null && (type === 'RECOVERED' || type === 'OCCURRED')) {
    const until =
      endedAt === null ? '' : ` to ${timeText(endedAt, reader)} (${durationText(endedAt - beganAt)})`;
    lines.push(`abnormal from ${timeText(beganAt, reader)}${until}`);
  }
  return lines;
};

const subjectOf = (output: NoticeOutput, facts: NoticeFacts | null): string => {
  if (!('cylinder' in output)) return `gateway ${output.gateway}`;
  const gateway = 'gateway' in output ? output.gateway : facts?.gateway;
  return gateway == null ? output.cylinder : `${output.cylinder} (gateway ${gateway})`;
};

/** A notice as lines of text: the first says all that a screen with one line needs, the others are the details. */
export const renderNotice = ({ output, facts }: Notice, reader: Reader): readonly string[] => {
  const severity = 'severity' in output ? ` ${output.severity.toUpperCase()}` : '';
  const count = output.type === 'OCCURRED' && output.count > 1 ? ` (${output.count} times)` : '';
  const happened = facts?.endedByMaintenance === true ? ENDED_BY_MAINTENANCE : HEADLINES[output.type];
  const headline = `${output.type}${severity}: ${subjectOf(output, facts)} ${happened}${count}`;
  const details = facts === null ? [] : factLines(output.type, output.at, facts, reader);
  return [`${headline}, ${timeText(output.at, reader)}`, ...details, `notice ${output.id}`];
};
