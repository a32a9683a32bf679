import type { OUTCOMES } from '../../../domain/alarm/commands/command.ts';
import type { NoticeTerms } from '../../../notification/locales/notice-words.ts';

/** How a cylinder stands, in the order in which somebody should look. */
export const STANDINGS = [
  'alarm',
  'warning',
  'advisory',
  'clearing',
  'offline',
  'unwatched',
  'stale',
  'suspect',
  'normal',
] as const;
export type Standing = (typeof STANDINGS)[number];
export type Outcome = (typeof OUTCOMES)[number];

type Texts<K extends string> = Readonly<Record<K, string>>;
type Counted = (count: number) => string;

/** What the page says besides the words of notices, in one language. */
export type PageWords = Readonly<{
  nav: Texts<'fleet' | 'incidents' | 'system' | 'main' | 'skip'>;
  standings: Readonly<
    Record<Exclude<Standing, 'alarm' | 'warning' | 'advisory'>, Texts<'word' | 'sentence'>>
  >;
  partial: string;
  thin: string;
  contact: Texts<'live' | 'polling' | 'lost' | 'back' | 'loading' | 'stored'> &
    Readonly<{
      lostSince: (when: string, ago: string) => string;
      asOf: (when: string, ago: string) => string;
    }>;
  fleet: Texts<
    | 'search'
    | 'none'
    | 'nothingYet'
    | 'wall'
    | 'leaveWall'
    | 'all'
    | 'needs'
    | 'blind'
    | 'held'
    | 'usual'
    | 'allWell'
  > &
    Readonly<{ needing: Counted; blinds: Counted; normals: Counted; more: Counted; shown: Counted }>;
  gatewaySilent: (name: string, since: string) => string;
  row: Texts<'untaken' | 'health' | 'lastSeen' | 'never'> &
    Readonly<{
      takenBy: (name: string) => string;
      shelved: (until: string) => string;
      maintenance: (until: string) => string;
      byFor: (by: string, reason: string) => string;
    }>;
  since: (when: string, ago: string) => string;
  fromTo: (from: string, to: string, lasted: string) => string;
  cylinder: Texts<
    | 'why'
    | 'check'
    | 'charts'
    | 'incidents'
    | 'noIncidents'
    | 'details'
    | 'twin'
    | 'open'
    | 'noValue'
    | 'usualUnknown'
    | 'unknownCylinder'
  > &
    Readonly<{
      usually: (low: string, high: string) => string;
      counts: Counted;
      higher: string;
      lower: string;
      abnormalHour: Counted;
    }>;
  chart: Texts<
    | 'hour'
    | 'shift'
    | 'day'
    | 'week'
    | 'probability'
    | 'reset'
    | 'empty'
    | 'hint'
    | 'incident'
    | 'maintenance'
    | 'usual'
  > &
    Readonly<{ summary: (name: string, now: string, low: string, high: string) => string }>;
  incident: Texts<'course' | 'chart' | 'toCylinder' | 'unknown' | 'told' | 'csv' | 'title'> &
    Readonly<{
      steps: Readonly<Record<string, string>>;
      by: (name: string) => string;
      via: (channel: string) => string;
    }>;
  act: Texts<
    | 'title'
    | 'ack'
    | 'ackHint'
    | 'shelve'
    | 'shelveHint'
    | 'unshelve'
    | 'unshelveHint'
    | 'maintenance'
    | 'maintenanceHint'
    | 'endMaintenance'
    | 'close'
    | 'closeHint'
    | 'name'
    | 'nameHint'
    | 'howLong'
    | 'min15'
    | 'hour1'
    | 'hour4'
    | 'until'
    | 'reason'
    | 'reasonHint'
    | 'comment'
    | 'what'
    | 'mode'
    | 'modeHint'
    | 'send'
    | 'cancel'
    | 'sending'
    | 'noAnswer'
    | 'refused'
    | 'nothing'
    | 'as'
    | 'change'
  > &
    Readonly<{
      shiftEnd: (when: string) => string;
      reasons: readonly string[];
      outcomes: Readonly<Record<string, string>>;
      done: Readonly<Record<string, string>>;
      /** The refusals of the twin in this language; what is not here is shown as it came. */
      refusals: ReadonlyMap<string, string>;
      tooLong: (limit: string) => string;
    }>;
  incidents: Texts<
    'open' | 'over' | 'all' | 'cylinder' | 'severity' | 'outcome' | 'any' | 'from' | 'to' | 'none' | 'more'
  >;
  system: Texts<
    | 'pipeline'
    | 'version'
    | 'site'
    | 'backlog'
    | 'deadLetters'
    | 'quarantine'
    | 'quarantineNone'
    | 'dropped'
    | 'channels'
    | 'noChannels'
    | 'pending'
    | 'notices'
    | 'noNotices'
    | 'settings'
    | 'language'
    | 'theme'
    | 'light'
    | 'dark'
    | 'device'
    | 'shifts'
    | 'messages'
    | 'ok'
    | 'notKnown'
    | 'last'
    | 'gateways'
    | 'silentSince'
    | 'heard'
    | 'waiting'
  >;
  link: Texts<'bad' | 'badCheck' | 'expires' | 'acting'>;
  errors: Texts<'notFound' | 'failed' | 'signIn' | 'forbidden' | 'slow' | 'retry'>;
  noPage: string;
}>;

/** All words of one language, in one file: the page's own, and those that it has in common with notices. */
export type Words = Readonly<{ page: PageWords; notice: NoticeTerms }>;
