import type { Model } from '../model.ts';
import type { ModelError } from '../model-error.ts';

/** A model ready to score, or what is wrong with what was to be one. */
export type LoadModelResult = Readonly<{ ok: true; model: Model } | { ok: false; error: ModelError }>;
