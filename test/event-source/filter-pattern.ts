import { isDeepStrictEqual } from 'node:util';
import { isFields } from '../../domain/fields.ts';

const compare = (value: unknown, [operator, limit, ...rest]: readonly unknown[]): boolean => {
  if (typeof value !== 'number' || typeof limit !== 'number') return false;
  const holds =
    (operator === '=' && value === limit) ||
    (operator === '<' && value < limit) ||
    (operator === '<=' && value <= limit) ||
    (operator === '>' && value > limit) ||
    (operator === '>=' && value >= limit);
  return holds && (rest.length === 0 || compare(value, rest));
};

const meetsRule = (value: unknown, rule: unknown): boolean => {
  if (!isFields(rule)) return value !== undefined && value === rule;
  const [[name, operand] = []] = Object.entries(rule);
  switch (name) {
    case 'exists':
      return (value !== undefined) === operand;
    case 'prefix':
      return typeof value === 'string' && typeof operand === 'string' && value.startsWith(operand);
    case 'suffix':
      return typeof value === 'string' && typeof operand === 'string' && value.endsWith(operand);
    case 'anything-but':
      return value !== undefined && ![operand].flat().some((other) => isDeepStrictEqual(value, other));
    case 'numeric':
      return Array.isArray(operand) && compare(value, operand);
    default:
      throw new Error(`the model of event filtering does not know the rule ${JSON.stringify(rule)}`);
  }
};

/**
 * Whether a record meets a pattern: every field of the pattern by one of the rules in its list.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html#filtering-syntax
 */
export const meetsPattern = (record: unknown, pattern: unknown): boolean => {
  if (Array.isArray(pattern))
    return pattern.some((rule) => [record].flat().some((one) => meetsRule(one, rule)));
  if (!isFields(pattern))
    throw new Error(`a pattern ends in lists of rules, not in ${JSON.stringify(pattern)}`);
  const fields = isFields(record) ? record : {};
  return Object.entries(pattern).every(([name, inner]) => meetsPattern(fields[name], inner));
};

/** Whether a source hands a record on: without filters every one, else those that meet one of them. */
export const passes = (record: unknown, patterns: readonly unknown[]): boolean =>
  patterns.length === 0 || patterns.some((pattern) => meetsPattern(record, pattern));
