import * as v from 'valibot';

const streamEvent = v.object({
  Records: v.array(v.looseObject({ dynamodb: v.looseObject({ SequenceNumber: v.string() }) })),
});

/** A record of the ledger's stream, with what names it in the answer to the event source. */
export type StreamRecord = v.InferOutput<typeof streamEvent>['Records'][number];

/** The records in what woke a function. Throws when it is no batch of a table's stream. */
export const readStreamEvent = (event: unknown): readonly StreamRecord[] => {
  const parsed = v.safeParse(streamEvent, event);
  if (parsed.success) return parsed.output.Records;
  throw new Error(`not a batch of the ledger's stream: ${parsed.issues[0].message}`);
};
