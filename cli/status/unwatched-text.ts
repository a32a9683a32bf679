import type { UnwatchedCause } from '../../domain/alarm/state/output.ts';
import { ENGLISH } from '../../notification/locales/english.ts';

/** That a cylinder is heard and not judged, and why in the words of its notice where that is known. */
export const unwatchedText = (cause: UnwatchedCause | null): string =>
  `unwatched: heard, but not judged${cause === null ? '' : `: ${ENGLISH.unwatched[cause].note}`}`;

/** What to look at where that is the cause. */
export const unwatchedCheck = (cause: UnwatchedCause): string => ENGLISH.unwatched[cause].check;
