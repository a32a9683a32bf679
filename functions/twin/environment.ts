import * as v from 'valibot';
import { nameVariable } from '../../aws/lambda/read-environment.ts';

/** What `twin` has to be told at its deployment: where things live, if not where the SDK looks for them. */
export const environment = v.object({
  DEAD_LETTER_QUEUE_URL: nameVariable,
  IOT_DATA_ENDPOINT: v.optional(v.pipe(v.string(), v.url('is no address'))),
});
