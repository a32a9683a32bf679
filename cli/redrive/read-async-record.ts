import * as v from 'valibot';
import { functionNameOf } from './function-name.ts';
import { isOfStack, type Reading, unknown } from './reading.ts';

const record = v.object({
  requestContext: v.object({ functionArn: v.string(), condition: v.optional(v.string(), 'failed') }),
  requestPayload: v.optional(v.unknown()),
});

/**
 * Reads what Lambda writes about an asynchronous call that failed for good: the call is made again, as it was. Null
 * where it is another kind of letter. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const readAsyncRecord = (value: unknown, stack: string): Reading | null => {
  const parsed = v.safeParse(record, value);
  if (!parsed.success) return null;
  const { requestContext, requestPayload } = parsed.output;
  const functionName = functionNameOf(requestContext.functionArn);
  if (functionName === null) return unknown(`names no function: ${requestContext.functionArn}`);
  if (!isOfStack(functionName, stack)) return unknown(`is of ${functionName}, no function of ${stack}`);
  if (requestPayload === undefined || requestPayload === null) return unknown('carries no payload');
  return {
    kind: 'calls',
    what: `call of ${functionName} (${requestContext.condition})`,
    calls: [{ functionName, event: requestPayload }],
  };
};
