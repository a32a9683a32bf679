import type { JsonObject } from './json.ts';
import type { ShadowKey } from './shadow-topic.ts';

/** `desired` or `reported`: the values, and in the same form when each was last set (`{ timestamp }`, seconds). */
export type Section = Readonly<{ state: JsonObject; metadata: JsonObject }>;

/**
 * A device shadow; a section without values is null.
 * https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-document.html
 */
export type ShadowDocument = Readonly<{
  desired: Section | null;
  reported: Section | null;
  /** Counts accepted updates, and goes on where it was when the shadow is deleted and made again. */
  version: number;
}>;

/** A shadow that is there, or the version at which it was deleted. */
export type StoredShadow =
  | Readonly<{ kind: 'present'; document: ShadowDocument }>
  | Readonly<{ kind: 'deleted'; version: number }>;

/** Keeps shadows; both calls are done when they return, so that nothing comes between reading and writing. */
export type ShadowStore = Readonly<{
  read(key: ShadowKey): StoredShadow | null;
  write(key: ShadowKey, shadow: StoredShadow): void;
}>;
