import type { Interruption, NoticeOutput, UnwatchedCause } from '../../domain/alarm/state/output.ts';
import type { Sensor } from '../../domain/message/sample.ts';
import type { Advice } from '../../domain/notice/advice.ts';

export type NoticeType = NoticeOutput['type'];

/** What happened: as the predicate of a sentence that begins with the cylinder, and in a word or two for an SMS. */
export type EventText = Readonly<{ sentence: string; short: string }>;

/** What a person can do about a notice. */
export type NoticeAction = 'acknowledge' | 'close';

/** All words of notices in one language. */
export type NoticeWords = Readonly<{
  types: Readonly<Record<NoticeType, string>>;
  events: Readonly<Record<Exclude<NoticeType, 'UNWATCHED'>, EventText>>;
  /** Instead of RECOVERED where no clearing ended the incident. */
  endedBy: Readonly<Record<Interruption, EventText>>;
  /** Instead of OFFLINE where it comes and goes. */
  flapping: EventText;
  /** The severities of the default policy; others are called as they are. */
  severities: ReadonlyMap<string, string>;
  sensors: Readonly<Record<Sensor, string>>;
  advices: Readonly<Record<Advice, string>>;
  /** What to check when a gateway, or one cylinder alone, is offline. */
  gatewayOffline: string;
  cylinderOffline: string;
  /** That a cylinder is heard but not judged, by the reason for it, and what to check. */
  unwatched: Readonly<Record<UnwatchedCause, EventText & Readonly<{ check: string }>>>;
  actions: Readonly<Record<NoticeAction, string>>;
  title: (type: string, severity: string) => string;
  gateway: (name: string) => string;
  times: (count: number) => string;
  since: (when: string, duration: string) => string;
  lasted: (from: string, to: string | null, duration: string | null) => string;
  /** The times of an SMS. */
  sinceShort: (when: string, duration: string | null) => string;
  lastedShort: (from: string, to: string | null) => string;
  atShort: (when: string) => string;
  share: (percent: number, window: string, probability: string) => string;
  /** A window of one minute, as it is called in `share`. */
  minute: string;
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
