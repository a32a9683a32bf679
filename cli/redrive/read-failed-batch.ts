import * as v from 'valibot';
import { functionNameOf } from './function-name.ts';
import { isOfStack, type Reading, unknown } from './reading.ts';

const event = v.looseObject({ Records: v.pipe(v.array(v.unknown()), v.minLength(1)) });

/** Lambda writes the event as JSON text within the JSON document. */
const payload = v.union([event, v.pipe(v.string(), v.parseJson(), event)]);

const document = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    requestContext: v.object({ functionArn: v.string(), condition: v.optional(v.string(), 'failed') }),
    payload: v.optional(v.unknown()),
  }),
);

/**
 * Reads what Lambda writes to S3 about a batch of a stream that it gave up: the function gets the same records again.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const readFailedBatch = (text: string, stack: string): Reading => {
  const parsed = v.safeParse(document, text);
  if (!parsed.success) return unknown('is not what Lambda writes about a failed batch');
  const { requestContext, payload: carried } = parsed.output;
  const functionName = functionNameOf(requestContext.functionArn);
  if (functionName === null) return unknown(`names no function: ${requestContext.functionArn}`);
  if (!isOfStack(functionName, stack)) return unknown(`is of ${functionName}, no function of ${stack}`);
  const records = v.safeParse(payload, carried);
  if (!records.success) return unknown('does not carry the records themselves');
  const { condition } = requestContext;
  const count = records.output.Records.length;
  return {
    kind: 'calls',
    what: `batch of ${count} of ${functionName} (${condition})`,
    calls: [{ functionName, event: records.output }],
  };
};
