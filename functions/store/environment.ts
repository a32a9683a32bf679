import * as v from 'valibot';
import { policiesVariable } from '../../aws/lambda/policies-variable.ts';
import { telemetryVariables } from '../../aws/lambda/telemetry-variables.ts';

/** What `store` has to be told at its deployment. */
export const environment = v.intersect([
  telemetryVariables,
  v.object({
    QUARANTINE_BUCKET: v.pipe(v.string(), v.nonEmpty('is not set')),
    TOPIC_PREFIX: v.optional(v.string()),
    POLICY: policiesVariable,
  }),
]);
