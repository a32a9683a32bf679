import * as v from 'valibot';

/** What `twin` has to be told at its deployment: where things live, if not where the SDK looks for them. */
export const environment = v.object({
  IOT_DATA_ENDPOINT: v.optional(v.pipe(v.string(), v.url('is no address'))),
});
