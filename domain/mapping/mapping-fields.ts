import * as v from 'valibot';
import { isName, nameFault } from '../message/topic.ts';

/** The kinds of values that a mapping is made of, each with what a person is told of a wrong one. */

export const number = v.pipe(v.number('must be a number'), v.finite('must be a number'));
export const positive = v.pipe(number, v.gtValue(0, 'must be above 0'));
export const text = v.pipe(v.string('must be a text'), v.nonEmpty('must not be empty'));
export const name = v.pipe(
  v.string('must be a name'),
  v.check(
    (given: string) => isName(given),
    ({ input }) => `must be a name of letters, digits, colon, underscore and hyphen: it ${nameFault(input)}`,
  ),
);
export const truth = v.literal(true, 'must be true');

export const whole = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(least, message), v.maxValue(most, message));
};

export const oneOf = <const T extends readonly string[]>(these: T) =>
  v.picklist(these, `must be one of ${these.join(', ')}`);

export const REGISTER_TYPES = ['uint16', 'int16', 'uint32', 'int32', 'float32'] as const;
export const BYTE_ORDERS = ['ABCD', 'CDAB', 'BADC', 'DCBA'] as const;

/** What is wrong with a mapping: the field as a path and a sentence about it. */
export type MappingFault = Readonly<{ field: string; message: string }>;
