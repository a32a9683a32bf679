import * as v from 'valibot';
import { nameVariable, policiesVariable, telemetryVariables } from '../../aws/lambda/read-environment.ts';

/** What `store` has to be told at its deployment. */
export const environment = v.intersect([
  telemetryVariables,
  v.object({
    QUARANTINE_BUCKET: nameVariable,
    DEAD_LETTER_QUEUE_URL: nameVariable,
    TOPIC_PREFIX: v.optional(v.string()),
    POLICY: policiesVariable,
  }),
]);
