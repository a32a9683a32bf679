import * as v from 'valibot';
import { policiesVariable } from '../../aws/lambda/policies-variable.ts';

/** What `watch` has to be told at its deployment. */
export const environment = v.object({
  LEDGER_TABLE: v.pipe(v.string(), v.nonEmpty('is not set')),
  TOPIC_PREFIX: v.optional(v.string()),
  POLICY: policiesVariable,
});
