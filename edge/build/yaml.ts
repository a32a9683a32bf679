import type { RecipeValue } from '../package/recipes.ts';

/** Writes a recipe as YAML: mappings and lists in block style, every text that could be read as something else quoted. */
export const toYaml = (value: RecipeValue): string => `${lines(value).join('\n')}\n`;

const lines = (value: RecipeValue): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap((item) => hang('- ', '  ', lines(item)));
  if (typeof value !== 'object') return [scalar(value)];
  return Object.entries(value).flatMap(([key, item]) => {
    const under = lines(item);
    const isBlock = typeof item === 'object';
    return isBlock ? [`${scalar(key)}:`, ...hang('  ', '  ', under)] : [`${scalar(key)}: ${under.join('')}`];
  });
};

const hang = (first: string, rest: string, of: readonly string[]): readonly string[] =>
  of.map((line, index) => `${index === 0 ? first : rest}${line}`);

const PLAIN = /^[A-Za-z][A-Za-z0-9 .,_/-]*$/;
const NO_TEXT = /^(true|false|yes|no|on|off|null|y|n)$/i;

const scalar = (value: string | number | boolean | object): string => {
  if (typeof value !== 'string') return String(value);
  // A double-quoted text of YAML is one of JSON.
  return PLAIN.test(value) && !NO_TEXT.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value);
};
