import { InvalidArgumentError } from 'commander';
import { isName } from '../domain/message/name.ts';
import { isRulePrefix } from '../edge/publisher/basic-ingest-outlet.ts';
import { checkBrokerUrl } from '../edge/publisher/broker-address.ts';
import { parseDuration } from './duration.ts';

/** A duration in ms. */
export function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('Write a duration as 500ms, 65s, 30m, 2h or 0.');
  return ms;
}

/** A whole number from `low` to `high`. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Write a whole number from ${low} to ${high}.`);
  };
}

/** How many times as fast as the machine's clock; from 0.1 to 600. */
export function speed(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 0.1 && value <= 600) return value;
  throw new InvalidArgumentError('Write a number from 0.1 to 600.');
}

/** The name of a gateway or cylinder. */
export function name(text: string): string {
  if (isName(text)) return text;
  throw new InvalidArgumentError('Use letters, digits, colon, underscore and hyphen, at most 128.');
}

/** The name of a rule of AWS IoT. */
export function ruleName(text: string): string {
  if (isRulePrefix(`$aws/rules/${text}`)) return text;
  throw new InvalidArgumentError('Write the name of the rule: letters, digits and underscore, at most 128.');
}

/** The address of an MQTT broker. */
export function brokerUrl(text: string): string {
  const checked = checkBrokerUrl(text);
  if (checked.ok) return text;
  throw new InvalidArgumentError(checked.message);
}
