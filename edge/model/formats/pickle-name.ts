import { Refusal } from '../model-error.ts';

const HARMLESS_MODULES = /^(xgboost|copyreg|copy_reg|collections|numpy|scipy|sklearn|joblib|pandas)(\.|$)/;
const HARMLESS_BUILTINS =
  /^(builtins|__builtin__)\.(object|bytearray|bytes|str|int|float|bool|list|tuple|dict|set|frozenset|type)$/;

/** What a pickle names in Python. A name that has no place in a model is refused, though it would not be run here. */
export const pickleName = (module: string, name: string): string => {
  const full = `${module}.${name}`;
  if (HARMLESS_MODULES.test(module) || HARMLESS_BUILTINS.test(full) || full === '_codecs.encode') return full;
  throw new Refusal(
    'unsafe',
    `this pickle would run ${full} when Python loads it, which no model needs`,
    'do not load it anywhere, and ask where it comes from',
  );
};
