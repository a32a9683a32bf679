import * as v from 'valibot';
import { nameVariable, policiesVariable } from '../../aws/lambda/read-environment.ts';

/** What `watch` has to be told at its deployment. */
export const environment = v.object({
  DEAD_LETTER_QUEUE_URL: nameVariable,
  LEDGER_TABLE: nameVariable,
  TOPIC_PREFIX: v.optional(v.string()),
  POLICY: policiesVariable,
});
