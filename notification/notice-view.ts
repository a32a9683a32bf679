import { OUTCOMES } from '../domain/alarm/commands/command.ts';
import type { DriftFinding, NoticeOutput } from '../domain/alarm/state/output.ts';
import { SENSOR_UNITS, SENSORS } from '../domain/message/sample.ts';
import type { Deviation, Notice, NoticeFacts } from '../domain/notice/notice.ts';
import { optionText } from '../domain/printable.ts';
import { oneLine } from './line-text.ts';
import { WORDS } from './locales/languages.ts';
import type { EventText, NoticeAction, NoticeType, NoticeWords } from './locales/notice-words.ts';
import { isOfIncident, isOpenNotice, periodOf, type ShortText, shortText } from './notice-short.ts';
import { durationText, type Reader, timeText } from './time-text.ts';

/** Since when, or from when to when, and how long; of what came back, its latest stretch and when it began. Null where it is not known. */
const periodText = (notice: Notice, reader: Reader): string | null => {
  const period = periodOf(notice);
  if (period === null) return null;
  const { trouble, began, back, last, over } = period;
  const { since, first, again, lasted, overAt, troubles, short } = WORDS[reader.language ?? 'en'];
  const { at, type } = notice.output;
  const from = timeText(back ?? began, reader);
  const lasting = (until: number): string => durationText(until - (back ?? began), reader.language);
  const isOver = type === 'RECOVERED' || type === 'OCCURRED';
  if (last === null && !isOver && back !== null) return again(timeText(began, reader), from, lasting(at));
  if (last === null && (type === 'REOPENED' || type === 'FLAPPING')) return first(from, lasting(at));
  return [
    last === null
      ? since(troubles[trouble], from, isOver ? null : lasting(at))
      : lasted(troubles[trouble], from, timeText(last, reader), lasting(last)),
    back === null ? null : short.first(timeText(began, reader)),
    last === null || over === null ? null : overAt(timeText(over, reader)),
  ]
    .filter((part) => part !== null)
    .join(', ');
};

/** What a notice says, in the reader's language, for every channel. */
export type NoticeView = Readonly<{
  words: NoticeWords;
  /** What happened, with its severity where it has one: `RAISED WARNING`. */
  title: string;
  severity: string | null;
  cylinder: string | null;
  gateway: string | null;
  /** Whom it is about: the cylinder, or the gateway as such. */
  subject: string;
  /** What happened to it, in a sentence, and in a few words with the time at which it did. */
  sentence: string;
  short: ShortText;
  /** When it was noticed, with the zone of all times. */
  at: string;
  /** Since when, or from when to when; null where it is not known. */
  period: string | null;
  share: string | null;
  deviations: readonly string[];
  /** Why to trust it less, and what comes next if it goes on; null where there is nothing to say. */
  trust: string | null;
  forecast: string | null;
  check: string | null;
  action: Readonly<{ name: NoticeAction; command: string }> | null;
  incident: string | null;
  /** Where a person sees and acts upon its incident. */
  link: string | null;
  id: string;
}>;

const gatewayOf = (output: NoticeOutput, facts: NoticeFacts | null): string | null => {
  const gateway = 'gateway' in output ? output.gateway : facts?.gateway;
  return gateway == null ? null : oneLine(gateway);
};

const severityOf = (output: NoticeOutput, words: NoticeWords): string | null => {
  if (!('severity' in output)) return null;
  const severity = words.severities.get(output.severity) ?? oneLine(output.severity).toUpperCase();
  return severity === '' ? null : severity;
};

const shareOf = (facts: NoticeFacts, words: NoticeWords, reader: Reader): string => {
  const window = facts.windowMs === 60_000 ? words.minute : durationText(facts.windowMs, reader.language);
  return words.share(Math.round(facts.abnormalShare * 100), window, facts.probability.toFixed(2));
};

const findingsText = (found: readonly DriftFinding[], words: NoticeWords): string =>
  found
    .map(({ what, kind }) => {
      const sensor = SENSORS.find((one) => one === what);
      return words.drift[kind](sensor === undefined ? words.score : words.sensors[sensor]);
    })
    .join(', ');

const MINUTE_MS = 60_000;

const forecastText = ({ output, facts }: Notice, words: NoticeWords, { language }: Reader): string | null => {
  if (facts?.forecast === undefined) return null;
  const { severity, fromMs, toMs } = facts.forecast;
  const name = words.severities.get(severity) ?? oneLine(severity).toUpperCase();
  // Rounded outwards: nobody foretells seconds, and the interval stays within what is said.
  const [leastMs, mostMs] = [Math.max(0, fromMs - output.at), Math.max(0, toMs - output.at)];
  const fromMinuteMs = leastMs < MINUTE_MS ? leastMs : Math.floor(leastMs / MINUTE_MS) * MINUTE_MS;
  const toMinuteMs = Math.ceil(mostMs / MINUTE_MS) * MINUTE_MS;
  return words.forecast(name, durationText(fromMinuteMs, language), durationText(toMinuteMs, language));
};

const checkOf = (output: NoticeOutput, facts: NoticeFacts | null, words: NoticeWords): string | null => {
  if (output.type === 'UNWATCHED') return words.unwatched[output.cause].check;
  if (output.type === 'DRIFTED') return words.driftCheck(findingsText(output.found, words));
  if (output.type === 'OFFLINE') return 'cylinder' in output ? words.cylinderOffline : words.gatewayOffline;
  return facts === null || !isOpenNotice(output.type) ? null : words.advices[facts.advice];
};

const actionOf = (type: NoticeType, cylinder: string | null): NoticeView['action'] => {
  if (cylinder === null || !isOfIncident(type)) return null;
  const named = optionText('--cylinder', cylinder);
  return isOpenNotice(type)
    ? { name: 'acknowledge', command: `sentinel ack ${named} --aws` }
    : {
        name: 'close',
        command: `sentinel close ${named} --outcome ${OUTCOMES.join('|')} --aws`,
      };
};

const eventOf = ({ output, facts }: Notice, words: NoticeWords): EventText => {
  if (facts?.endedBy != null) return words.endedBy[facts.endedBy];
  if (output.type === 'UNWATCHED') return words.unwatched[output.cause];
  if (output.type === 'DRIFTED' || output.type === 'SETTLED') return words.drifted[output.type];
  if (output.type === 'OFFLINE' && output.flapping === true) return words.flapping;
  return words.events[output.type];
};

/** What a notice says to a reader. */
export const viewNotice = ({ output, facts }: Notice, reader: Reader): NoticeView => {
  const words = WORDS[reader.language ?? 'en'];
  const { type } = output;
  const cylinder = 'cylinder' in output ? oneLine(output.cylinder) : null;
  const gateway = gatewayOf(output, facts);
  const severity = severityOf(output, words);
  const event = eventOf({ output, facts }, words);
  const quietSince = isOpenNotice(type) ? (facts?.quietSince ?? null) : null;
  const sentence =
    quietSince === null ? event.sentence : words.quiet.sentence(timeText(quietSince, reader), type);
  const times = output.type === 'OCCURRED' && output.count > 1 ? ` (${words.times(output.count)})` : '';
  const openFacts = facts !== null && isOpenNotice(type) ? facts : null;
  return {
    words,
    title: severity === null ? words.types[type] : words.title(words.types[type], severity),
    severity,
    cylinder,
    gateway,
    subject: cylinder ?? words.gateway(gateway ?? words.labels.unknown),
    sentence: `${sentence}${times}`,
    short: shortText({ output, facts }, event, reader),
    at: words.inZone(timeText(output.at, reader), reader.timeZone),
    period: periodText({ output, facts }, reader),
    share: openFacts === null || openFacts.abnormalShare === 0 ? null : shareOf(openFacts, words, reader),
    deviations: (openFacts?.deviations ?? []).map((deviation) => deviationText(deviation, words)),
    trust: openFacts?.drifted === true ? words.trustLess : null,
    forecast: openFacts === null ? null : forecastText({ output, facts: openFacts }, words, reader),
    check: checkOf(output, facts, words),
    action: actionOf(type, cylinder),
    incident: 'incident' in output ? oneLine(output.incident) : null,
    link: reader.linkTo?.({ output, facts }) ?? null,
    id: oneLine(output.id),
  };
};

/** A sensor with its value, as `speed 512 RPM`. */
export const sensorText = ({ sensor, value }: Deviation, words: NoticeWords): string => {
  const { unit, digits } = SENSOR_UNITS[sensor];
  return `${words.sensors[sensor]} ${value.toFixed(digits)} ${unit}`;
};

/** A sensor with its value and usual range, as `speed 512 RPM (usually 980–1180)`. */
export const deviationText = (deviation: Deviation, words: NoticeWords): string => {
  const { sensor, low, high } = deviation;
  const { digits } = SENSOR_UNITS[sensor];
  const baseline =
    low === null || high === null
      ? words.baselineUnknown
      : words.baseline(Math.max(0, low).toFixed(digits), high.toFixed(digits));
  return `${sensorText(deviation, words)} (${baseline})`;
};

const present = (lines: readonly (string | null)[]): readonly string[] =>
  lines.filter((line) => line !== null);

/** A notice as lines of text: the first says all that a screen with one line needs, the others are the details. */
export const plainText = (notice: Notice, reader: Reader): readonly string[] => {
  const {
    words,
    title,
    cylinder,
    gateway,
    subject,
    sentence,
    at,
    period,
    share,
    deviations,
    trust,
    forecast,
    check,
    link,
    id,
  } = viewNotice(notice, reader);
  const where = cylinder === null || gateway === null ? subject : `${cylinder} (${words.gateway(gateway)})`;
  return present([
    `${words.headline(title, where, sentence)}, ${at}`,
    period,
    share,
    deviations.length === 0 ? null : words.largestDeviations(deviations.join(', ')),
    forecast,
    trust,
    check === null ? null : words.lookAt(check),
    link,
    words.noticeId(id),
  ]);
};
