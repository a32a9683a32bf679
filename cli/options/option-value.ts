import { InvalidArgumentError } from 'commander';
import { LATEST_MS } from '../../domain/message/sample.ts';
import { isName } from '../../domain/message/topic.ts';
import { printable } from '../../domain/printable.ts';
import { checkBrokerUrl } from '../../edge/transport/broker-address.ts';
import { isRulePrefix } from '../../edge/transport/transport.ts';
import { UsageError } from '../terminal/usage-error.ts';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads 500ms, 65s, 30m, 2h, 1.5d or 0 as whole milliseconds; null where it is no duration, or one past all dates. */
export const parseDuration = (text: string): number | null => {
  if (text === '0') return 0;
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return null;
  const ms = Math.round(Number(amount) * (UNIT_MS[unit] ?? Number.NaN));
  return ms <= LATEST_MS ? ms : null;
};

/** A duration in ms. */
export const duration = (text: string): number => {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Write a duration as 500ms, 65s, 30m, 2h or 0.');
  return ms;
};

/** Whether a text is a number as `1`, `0.5` or `.5`. */
export const isDecimal = (text: string): boolean => /^(\d+(\.\d+)?|\.\d+)$/.test(text);

/** A whole number from `low` to `high`. */
export const wholeNumber =
  (low: number, high: number): ((text: string) => number) =>
  (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Write a whole number from ${low} to ${high}.`);
  };

const decimal =
  (low: number, high: number): ((text: string) => number) =>
  (text) => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Write a number from ${low} to ${high}.`);
  };

/** How many times as fast as the machine's clock; from 0.1 to 600. */
export const speed = decimal(0.1, 600);

/** A size in GB of 10^9 bytes, in bytes; from 0.01 to 1,000,000 GB. */
export const gigabytes = (text: string): number => decimal(0.01, 1_000_000)(text) * 1e9;

/** The name of a gateway or cylinder. */
export const name = (text: string): string => {
  if (isName(text)) return text;
  throw new InvalidArgumentError('Use letters, digits, colon, underscore and hyphen, at most 128.');
};

/** The name of a rule of AWS IoT. */
export const ruleName = (text: string): string => {
  if (isRulePrefix(`$aws/rules/${text}`)) return text;
  throw new InvalidArgumentError('Write the name of the rule: letters, digits and underscore, at most 128.');
};

/** The address of an MQTT broker. */
export const brokerUrl = (text: string): string => {
  const checked = checkBrokerUrl(text);
  if (checked.ok) return text;
  throw new InvalidArgumentError(checked.message);
};

const MAX_BY_CHARACTERS = 120;
const MAX_WORDS_CHARACTERS = 500;

/** Commander repeats the whole of what an InvalidArgumentError refuses, however long it is. */
const bounded = (option: string, text: string, atMost: number): string => {
  if (text.length <= atMost) return text;
  throw new UsageError(`${option} may have at most ${atMost} characters, and has ${text.length}`);
};

/** Who says something: a name on one line. */
export const person = (text: string): string => {
  if (text.trim() === '') throw new UsageError('--by must say who');
  const by = bounded('--by', text, MAX_BY_CHARACTERS);
  if (printable(by) === by) return by;
  throw new UsageError('--by must be on one line, without control characters');
};

/** What a person says with a command, named by its option. */
export const words =
  (option: string): ((text: string) => string) =>
  (text) =>
    bounded(option, text, MAX_WORDS_CHARACTERS);
