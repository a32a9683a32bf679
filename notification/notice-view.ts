import { OUTCOMES } from '../domain/alarm/commands/command.ts';
import type { NoticeOutput } from '../domain/alarm/state/output.ts';
import type { Notice, NoticeFacts } from '../domain/notice/notice.ts';
import { deviationText } from './deviation-text.ts';
import { durationText } from './duration-text.ts';
import type { NoticeDeed, NoticeType, NoticeWords } from './locales/notice-words.ts';
import { WORDS } from './locales/words-by-language.ts';
import { isAbnormal, periodText } from './notice-period.ts';
import { oneLine } from './one-line.ts';
import { type Reader, timeText } from './reader.ts';

/** What a notice says, in the reader's words, for whatever form it is told in. */
export type NoticeView = Readonly<{
  words: NoticeWords;
  /** What happened, with its severity where it has one: `RAISED WARNING`. */
  title: string;
  severity: string | null;
  cylinder: string | null;
  gateway: string | null;
  /** Whom it is about: the cylinder, or the gateway as such. */
  subject: string;
  /** What happened to it, in a sentence, and in a word or two. */
  sentence: string;
  short: string;
  at: string;
  /** Since when, or from when to when; null where there was no incident or it is not known. */
  period: string | null;
  share: string | null;
  movers: readonly string[];
  check: string | null;
  deed: Readonly<{ name: NoticeDeed; command: string }> | null;
  incident: string | null;
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

const checkOf = (output: NoticeOutput, facts: NoticeFacts | null, words: NoticeWords): string | null => {
  if (output.type === 'OFFLINE') return 'cylinder' in output ? words.silentCylinder : words.silentGateway;
  return facts === null || !isAbnormal(output.type) ? null : words.advices[facts.advice];
};

const deedOf = (type: NoticeType, cylinder: string | null): NoticeView['deed'] => {
  if (cylinder === null || type === 'OFFLINE' || type === 'ONLINE') return null;
  return isAbnormal(type)
    ? { name: 'acknowledge', command: `sentinel ack --cylinder ${cylinder} --aws` }
    : {
        name: 'close',
        command: `sentinel close --cylinder ${cylinder} --outcome ${OUTCOMES.join('|')} --aws`,
      };
};

/** What a notice says to a reader. */
export const viewNotice = ({ output, facts }: Notice, reader: Reader): NoticeView => {
  const words = WORDS[reader.language ?? 'en'];
  const { type } = output;
  const cylinder = 'cylinder' in output ? oneLine(output.cylinder) : null;
  const gateway = gatewayOf(output, facts);
  const severity = severityOf(output, words);
  const happening = facts?.endedByMaintenance === true ? words.endedByMaintenance : words.happenings[type];
  const times = output.type === 'OCCURRED' && output.count > 1 ? ` (${words.times(output.count)})` : '';
  const told = facts !== null && isAbnormal(type) ? facts : null;
  return {
    words,
    title: severity === null ? words.types[type] : words.title(words.types[type], severity),
    severity,
    cylinder,
    gateway,
    subject: cylinder ?? words.gateway(gateway ?? words.labels.unknown),
    sentence: `${happening.sentence}${times}`,
    short: happening.short,
    at: timeText(output.at, reader),
    period: periodText({ output, facts }, reader),
    share: told === null ? null : shareOf(told, words, reader),
    movers: told === null ? [] : told.movers.map((mover) => deviationText(mover, words)),
    check: checkOf(output, facts, words),
    deed: deedOf(type, cylinder),
    incident: 'incident' in output ? oneLine(output.incident) : null,
    id: oneLine(output.id),
  };
};
