import * as v from 'valibot';
import { EventError } from '../aws-error.ts';

const desiredEvent = v.object({
  desired: v.nullish(v.record(v.string(), v.unknown()), {}),
  thing: v.pipe(v.string(), v.nonEmpty()),
  receivedAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** What the rule on a twin's desired state hands over. Throws when it is something else, so that it is kept. */
export const readDesiredEvent = (event: unknown): v.InferOutput<typeof desiredEvent> => {
  const parsed = v.safeParse(desiredEvent, event);
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw new EventError('poison', `not the desired state of a twin: ${faults.join('; ')}`);
};
