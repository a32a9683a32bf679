import type { Notice } from '../../domain/notice/notice.ts';
import type { Language } from '../../notification/locales/languages.ts';
import { durationText, type Reader } from '../../notification/time-text.ts';

/** What notices say of where they come from, and in which words people there read them. */
export type NoticeOrigin = Readonly<{ site: string; language: Language }> & Pick<Reader, 'linkTo'>;

/** What became of an attempt: `refused` is for good, `failed` is tried again, not before `retryAfterMs` where that is said. */
export type DeliveryOutcome =
  | Readonly<{ kind: 'told' }>
  | Readonly<{ kind: 'refused'; reason: string }>
  | Readonly<{ kind: 'failed'; reason: string; retryAfterMs?: number }>;

/** A way by which notices reach people or machines. */
export type Channel = Readonly<{
  /** By which its deliveries are stored: never to be changed. */
  name: 'command' | 'webhook' | 'topic';
  /** As people know it. */
  title: string;
  /** Tells a notice once; ends soon, whatever it is doing, when the signal is aborted. */
  deliver(notice: Notice, signal: AbortSignal): Promise<DeliveryOutcome>;
}>;

/** Says what becomes of a channel: once when it fails, and once when all that failed has been told. */
export type OutageReport = Readonly<{
  failed(reason: string, waiting: number): void;
  refused(reason: string, noticeId: string): void;
  dropped(count: number): void;
  /** To be called after a success; `failing` is how many notices failed and have not been told yet. */
  told(failing: number): void;
  /** Why it does not tell what it should, for as long as that is so. */
  trouble(): string | null;
  /** Of a channel at its end: what waits, what was refused; null where there is nothing to say. */
  summary(waiting: number): string | null;
}>;

type Options = Readonly<{
  /** The channel as people know it. */
  title: string;
  /** Where refused notices are kept. */
  refusedPath: string;
  retentionMs: number;
  now: () => number;
  log: (line: string) => void;
}>;

const notices = (count: number): string => (count === 1 ? '1 notice' : `${count} notices`);
const wait = (count: number): string => `${notices(count)} ${count === 1 ? 'waits' : 'wait'}`;

export const createOutageReport = ({ title, refusedPath, retentionMs, now, log }: Options): OutageReport => {
  let outSince: number | null = null;
  let lastFailure: string | null = null;
  let isRefusing = false;
  let refused = 0;
  let lastRefusal: string | null = null;
  return {
    failed: (reason, waiting) => {
      lastFailure = reason;
      if (outSince !== null) return;
      outSince = now();
      log(`${title} fails: ${reason}; ${wait(waiting)} and will be tried again`);
    },
    refused: (reason, noticeId) => {
      refused += 1;
      lastRefusal = reason;
      if (isRefusing) return;
      isRefusing = true;
      log(
        `${title} REFUSED notice ${noticeId}: ${reason}. Nobody is told by it, and it is not tried again: ` +
          `what is refused is kept in ${refusedPath}`,
      );
    },
    dropped: (count) =>
      log(
        `${title}: ${notices(count)} could not be told for ${durationText(retentionMs)} and ${count === 1 ? 'is' : 'are'} dropped`,
      ),
    told: (failing) => {
      isRefusing = false;
      if (outSince === null || failing > 0) return;
      log(`${title} works again, after ${durationText(now() - outSince)}`);
      outSince = null;
    },
    trouble: () => (outSince !== null ? lastFailure : isRefusing ? lastRefusal : null),
    summary: (waiting) => {
      const parts = [
        ...(waiting === 0 ? [] : [`${wait(waiting)} for the next start`]),
        ...(waiting === 0 || lastFailure === null ? [] : [`last failure: ${lastFailure}`]),
        ...(refused === 0 ? [] : [`${notices(refused)} refused, kept in ${refusedPath}`]),
      ];
      return parts.length === 0 ? null : `${title}: ${parts.join('; ')}`;
    },
  };
};
