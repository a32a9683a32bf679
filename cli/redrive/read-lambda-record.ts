import * as v from 'valibot';
import { isOfStack, type Reading, unknown } from './reading.ts';

const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d+:function:([\w-]+)(?::[\w$-]+)?$/;

const requestContext = v.object({
  functionArn: v.string(),
  condition: v.optional(v.string(), 'failed'),
});

/** The function of an ARN, whose version or alias does not matter, or why it is none that may be called. */
const calledFunction = (arn: string, stack: string): Readonly<{ name: string } | { refusal: Reading }> => {
  const [, name] = FUNCTION_ARN.exec(arn) ?? [];
  if (name === undefined) return { refusal: unknown(`names no function: ${arn}`) };
  return isOfStack(name, stack) ? { name } : { refusal: unknown(`is of ${name}, no function of ${stack}`) };
};

/** Marks a batch that is given back: the function then names what it will never understand, in place of parking it anew. */
const redriven = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'Records' in payload
    ? { ...payload, redriven: true }
    : payload;

const asyncRecord = v.object({ requestContext, requestPayload: v.optional(v.unknown()) });

/**
 * Reads what Lambda writes about an asynchronous call that failed for good: the call is made again, as it was. Null
 * where it is another kind of letter. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export const readAsyncRecord = (value: unknown, stack: string): Reading | null => {
  const parsed = v.safeParse(asyncRecord, value);
  if (!parsed.success) return null;
  const { requestContext: context, requestPayload } = parsed.output;
  const called = calledFunction(context.functionArn, stack);
  if ('refusal' in called) return called.refusal;
  if (requestPayload === undefined || requestPayload === null) return unknown('carries no payload');
  return {
    kind: 'calls',
    what: `call of ${called.name} (${context.condition})`,
    calls: [{ functionName: called.name, event: redriven(requestPayload) }],
  };
};

const event = v.looseObject({ Records: v.pipe(v.array(v.unknown()), v.minLength(1)) });

/** Lambda writes the event as JSON text within the JSON document. */
const payload = v.union([event, v.pipe(v.string(), v.parseJson(), event)]);

const failedBatch = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ requestContext, payload: v.optional(v.unknown()) }),
);

/**
 * Reads what Lambda writes to S3 about a batch of a stream that it gave up: the function gets the same records again.
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
export const readFailedBatch = (text: string, stack: string): Reading => {
  const parsed = v.safeParse(failedBatch, text);
  if (!parsed.success) return unknown('is not what Lambda writes about a failed batch');
  const { requestContext: context, payload: carried } = parsed.output;
  const called = calledFunction(context.functionArn, stack);
  if ('refusal' in called) return called.refusal;
  const records = v.safeParse(payload, carried);
  if (!records.success) return unknown('does not carry the records themselves');
  const count = records.output.Records.length;
  return {
    kind: 'calls',
    what: `batch of ${count} of ${called.name} (${context.condition})`,
    calls: [{ functionName: called.name, event: redriven(records.output) }],
  };
};
