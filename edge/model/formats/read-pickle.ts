import { Refusal, unsupported } from '../model.ts';
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
  if (name?.startsWith('xgboost.sklearn.') || name?.startsWith('sklearn.')) throw wrappedModel(name, top);
  if (name !== 'xgboost.core.Booster')
    throw new Refusal('not-a-model', `this pickle holds ${name ?? `a ${top.kind}`}, not a Booster`, ADVICE);
  const state = top.kind === 'call' ? top.state : null;
  const fields = state?.kind === 'list' ? state.items[0] : state;
  if (fields?.kind !== 'dict') throw new Refusal('not-a-model', 'the pickled Booster is empty', ADVICE);
  return fields.entries;
};

/** What a saved file would lose of a Python object around the trees, and how to keep it. */
const wrappedModel = (name: string, top: Pickled): Refusal => {
  const kind = name.split('.').at(-1) ?? name;
  if (kind === 'Pipeline')
    return unsupported(
      'this is a pickled Pipeline, and its trees alone, without the steps before them (a scaler), answer otherwise',
      'trees need no scaler: fit the classifier alone on raw values, then classifier.save_model("model.json")',
    );
  if (kind === 'CalibratedClassifierCV')
    return unsupported(
      'this is a pickled CalibratedClassifierCV, and its trees alone, without its calibration, answer otherwise',
      'put the calibration into the leaves, as docs/edge.md shows under "A model of your own"',
    );
  if (!name.startsWith('xgboost.'))
    return unsupported(
      `this is a pickled ${kind}, whose trees alone may answer otherwise`,
      'take the XGBClassifier out of it and save that with classifier.save_model("model.json")',
    );
  const state = top.kind === 'call' && top.state?.kind === 'dict' ? top.state.entries : null;
  const missing = state?.get('missing');
  const replaced = missing?.kind === 'number' && !Number.isNaN(missing.value) ? missing.value : null;
  const stopped = state?.get('early_stopping_rounds')?.kind === 'number';
  const lost = [
    ...(stopped ? ['its best iteration (predict_proba ends there, a saved file goes on)'] : []),
    ...(replaced === null ? [] : [`missing=${replaced} (a saved file takes only absent values as missing)`]),
  ];
  return unsupported(
    `this is a pickled ${kind}${lost.length === 0 ? '' : `; save_model would lose ${lost.join(' and ')}`}`,
    [
      `save it with ${stopped ? 'classifier.get_booster()[: classifier.best_iteration + 1]' : 'classifier'}.save_model("model.json")`,
      ...(replaced === null ? [] : [`send no ${replaced}: leave such a sensor out`]),
    ].join(', and '),
  );
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
