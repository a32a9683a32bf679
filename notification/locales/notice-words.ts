import type {
  DriftFinding,
  Interruption,
  NoticeOutput,
  UnwatchedCause,
} from '../../domain/alarm/state/output.ts';
import type { Sensor } from '../../domain/message/sample.ts';
import type { Advice } from '../../domain/notice/notice.ts';

export type NoticeType = NoticeOutput['type'];

/**
 * What happened: as the predicate of a sentence that begins with the cylinder, and in a word or two that a time follows,
 * with a note after the time.
 */
export type EventText = Readonly<{ sentence: string; short: string; note?: string }>;

/** What a notice may be about: a cylinder that is abnormal, or what is not heard, heard and not judged, or unlike what its model knows. */
export type Trouble = 'abnormal' | 'silent' | 'unwatched' | 'drifted';

/** Told to whoever answers for the model: no page that shows an incident says it. */
type DriftType = 'DRIFTED' | 'SETTLED';

/** What a person can do about a notice. */
export type NoticeAction = 'acknowledge' | 'close';

/** The words of notices that other views of an incident say as well, in one language. */
export type NoticeTerms = Readonly<{
  types: Readonly<Record<NoticeType, string>>;
  events: Readonly<Record<Exclude<NoticeType, 'UNWATCHED' | DriftType>, EventText>>;
  /** The severities of the default policy; others are called as they are. */
  severities: ReadonlyMap<string, string>;
  sensors: Readonly<Record<Sensor, string>>;
  advices: Readonly<Record<Advice, string>>;
  cylinderOffline: string;
  /** That a cylinder is heard but not judged, by the reason for it, and what to check. */
  unwatched: Readonly<Record<UnwatchedCause, EventText & Readonly<{ check: string }>>>;
  gateway: (name: string) => string;
  share: (percent: number, window: string, probability: string) => string;
  /** A window of one minute, as it is called in `share`. */
  minute: string;
}>;

/** What notices say besides: a bundle that takes the terms alone leaves it out. */
export type NoticeSentences = Readonly<{
  drifted: Readonly<Record<DriftType, EventText>>;
  /** Instead of RECOVERED where no clearing ended the incident. */
  endedBy: Readonly<Record<Interruption, EventText>>;
  /** Instead of OFFLINE where it comes and goes. */
  flapping: EventText;
  /** Instead of being abnormal where an incident is open and quiet, with what a notice of its type says besides. */
  quiet: Readonly<{ short: string; sentence: (when: string, type: NoticeType) => string }>;
  /** What to check when a gateway, or one cylinder alone, is offline. */
  gatewayOffline: string;
  actions: Readonly<Record<NoticeAction, string>>;
  title: (type: string, severity: string) => string;
  times: (count: number) => string;
  /** The first line: what happened, whom it is about, and that as a sentence. */
  headline: (title: string, subject: string, sentence: string) => string;
  troubles: Readonly<Record<Trouble, string>>;
  since: (trouble: string, when: string, duration: string | null) => string;
  /** When it began that is back again, where nothing more is known. */
  first: (when: string, duration: string) => string;
  /** When it began that is back again, and since when it is. */
  again: (first: string, when: string, duration: string) => string;
  lasted: (trouble: string, from: string, to: string, duration: string) => string;
  overAt: (when: string) => string;
  /** A time with its zone. */
  inZone: (when: string, zone: string) => string;
  /** The times of an SMS and a subject. */
  short: Readonly<{
    since: (what: string, when: string, duration: string | null) => string;
    at: (what: string, when: string) => string;
    first: (when: string) => string;
    lasted: (what: string, from: string, to: string) => string;
    lasting: (what: string, duration: string) => string;
  }>;
  /** Where what the model says is worth less. */
  trustLess: string;
  /** When the next severity will be reached, if it goes on as it does. */
  forecast: (severity: string, from: string, to: string) => string;
  /** What is amiss with a sensor or with the model's score, and what to do about all of it. */
  drift: Readonly<Record<DriftFinding['kind'], (name: string) => string>>;
  score: string;
  driftCheck: (findings: string) => string;
  baseline: (low: string, high: string) => string;
  baselineUnknown: string;
  largestDeviations: (deviations: string) => string;
  lookAt: (advice: string) => string;
  noticeId: (id: string) => string;
  labels: Readonly<
    Record<
      | 'cylinder'
      | 'gateway'
      | 'site'
      | 'severity'
      | 'when'
      | 'noticedAt'
      | 'incident'
      | 'notice'
      | 'why'
      | 'check'
      | 'unknown',
      string
    >
  >;
}>;

/** All words of notices in one language. */
export type NoticeWords = NoticeTerms & NoticeSentences;
