import * as v from 'valibot';
import { nameVariable } from '../../aws/lambda/read-environment.ts';
import { INFERENCE_TOPIC } from '../../domain/message/topic.ts';

/** What `canary` has to be told at its deployment. */
export const environment = v.object({
  ALERT_TOPIC_ARN: nameVariable,
  TOPIC_PREFIX: v.optional(v.string(), INFERENCE_TOPIC),
});
