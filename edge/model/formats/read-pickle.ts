import { Refusal, unsupported } from '../model-error.ts';
import { unpickle } from './unpickle.ts';
import type { Pickled } from './unpickle-scalar.ts';

const ADVICE = 'save the model with booster.save_model("model.json")';

/** What a pickle of a Booster holds: the model's own bytes in one of XGBoost's formats, and what only Python knew. */
export type PickledBooster = Readonly<{
  bytes: Uint8Array;
  featureNames: readonly string[] | null;
  bestIteration: number | null;
}>;

/** The booster in a Python pickle, or the bytes that it wraps; nothing in it is run. */
export const readPickle = (bytes: Uint8Array): PickledBooster => {
  const top = unpickle(bytes);
  const bare = bytesIn(top);
  if (bare !== null) return { bytes: bare, featureNames: null, bestIteration: null };
  const state = boosterState(top);
  const handle = bytesIn(state.get('handle'));
  if (handle === null) throw new Refusal('not-a-model', 'the pickled Booster is empty', ADVICE);
  return {
    bytes: handle,
    featureNames: textsIn(state.get('feature_names')),
    bestIteration: countIn(state.get('best_iteration')),
  };
};

const boosterState = (top: Pickled): ReadonlyMap<string, Pickled> => {
  const name = className(top);
  if (name?.startsWith('xgboost.sklearn.') || name?.startsWith('sklearn.'))
    throw unsupported(
      `this is a pickled ${name.split('.').at(-1)}, which answers otherwise than its trees`,
      'save the model with classifier.save_model("model.json")',
    );
  if (name !== 'xgboost.core.Booster')
    throw new Refusal('not-a-model', `this pickle holds ${name ?? `a ${top.kind}`}, not a Booster`, ADVICE);
  const state = top.kind === 'call' ? top.state : null;
  const fields = state?.kind === 'list' ? state.items[0] : state;
  if (fields?.kind !== 'dict') throw new Refusal('not-a-model', 'the pickled Booster is empty', ADVICE);
  return fields.entries;
};

// Protocols 0 and 1 go through a helper that is given the class.
const className = (top: Pickled): string | null => {
  if (top.kind !== 'call') return null;
  const [first] = top.given;
  return /^copy_?reg\./.test(top.name) && first?.kind === 'name' ? first.name : top.name;
};

/** The bytes of bytes, of a bytearray, or of a text that Python would encode as Latin-1. */
const bytesIn = (value: Pickled | undefined): Uint8Array | null => {
  if (value?.kind === 'bytes') return value.bytes;
  if (value?.kind !== 'call' || !/\.(bytearray|bytes|encode)$/.test(value.name)) return null;
  const [first] = value.given;
  return first?.kind === 'text' ? Buffer.from(first.text, 'latin1') : bytesIn(first);
};

const textsIn = (value: Pickled | undefined): readonly string[] | null => {
  if (value?.kind !== 'list' || value.items.length === 0) return null;
  return value.items.map((item) => (item.kind === 'text' ? item.text : item.kind));
};

const countIn = (value: Pickled | undefined): number | null =>
  value?.kind === 'number' && Number.isInteger(value.value) && value.value >= 0 ? value.value : null;
