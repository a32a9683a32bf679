import * as v from 'valibot';
import { COMMAND_TYPES, OUTCOMES } from '../../domain/alarm/commands/command.ts';
import { isName } from '../../domain/message/topic.ts';

/** All that the API takes. Times are ms since the epoch. */

const words = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(500));
/** The name of the command: the same one twice is carried out once. */
const key = v.pipe(v.string(), v.regex(/^[\w.:-]{8,64}$/, 'must be 8 to 64 letters, digits or . : - _'));

const asked = {
  type: v.picklist(COMMAND_TYPES),
  by: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(40)),
  reason: v.nullish(words),
  until: v.nullish(v.pipe(v.number(), v.safeInteger())),
  comment: v.nullish(words),
  outcome: v.nullish(v.picklist(OUTCOMES)),
  mode: v.nullish(words),
  key,
};

export const name = v.pipe(
  v.string(),
  v.check((value) => isName(value), 'is no name of a cylinder'),
);
const incidentId = v.pipe(v.string(), v.regex(/^[\w:-]{1,128}@\d{1,16}$/, 'is no name of an incident'));

export const commandRequest = v.object({ cylinder: name, incident: v.nullish(incidentId), ...asked });
/** By a link, which names the incident. */
export const linkCommandRequest = v.object(asked);

const digits = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, 'must be a time in ms since the epoch'),
  v.transform(Number),
);
const limitedTo = (most: number) =>
  v.optional(v.pipe(v.string(), v.regex(/^\d{1,4}$/), v.transform(Number), v.minValue(1), v.maxValue(most)));
const short = v.pipe(v.string(), v.maxLength(100));

export const periodQuery = v.object({ from: v.optional(digits), to: v.optional(digits) });

export const incidentsQuery = v.object({
  open: v.optional(v.picklist(['true', 'false'])),
  cylinder: v.optional(name),
  site: v.optional(short),
  severity: v.optional(short),
  outcome: v.optional(v.picklist([...OUTCOMES, 'none'])),
  ...periodQuery.entries,
  limit: limitedTo(500),
  after: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

export const noticesQuery = v.object({
  incident: v.optional(incidentId),
  cylinder: v.optional(name),
  limit: limitedTo(500),
});
