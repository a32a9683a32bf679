import type { ShadowDocument } from './shadow-document.ts';
import type { ShadowKey } from './shadow-topic.ts';

/** A shadow that is there, or the version at which it was deleted. */
export type StoredShadow =
  | Readonly<{ kind: 'present'; document: ShadowDocument }>
  | Readonly<{ kind: 'deleted'; version: number }>;

/** Keeps shadows; both calls are done when they return, so that nothing comes between reading and writing. */
export type ShadowStore = Readonly<{
  read(key: ShadowKey): StoredShadow | null;
  write(key: ShadowKey, shadow: StoredShadow): void;
}>;
