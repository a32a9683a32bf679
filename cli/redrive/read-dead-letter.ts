import * as v from 'valibot';
import type { Call } from '../../aws/lambda/invoke.ts';
import { parseJson } from '../../domain/fields.ts';
import type { RawMessage } from '../../domain/message/raw-message.ts';

/** What was read in something that is kept: the calls that put it back, all of which have to succeed. */
export type Reading =
  | Readonly<{
      kind: 'calls';
      what: string;
      calls: readonly Call[];
      /** Why the functions will say that nothing was won, as far as this program can tell; null where they will not. */
      foreseen?: string | null;
    }>
  | Readonly<{ kind: 'unknown'; why: string }>;

export const unknown = (why: string): Reading => ({ kind: 'unknown', why });

/** The functions of a stack are the only ones that are ever called. */
export const isOfStack = (functionName: string, stack: string): boolean =>
  functionName.startsWith(`${stack}-`);

/** A message as the IoT rule hands it to the functions that read messages. */
export const messageEvent = ({ body, topic, receivedAt, client }: RawMessage) => ({
  body: Buffer.from(body).toString('base64'),
  topic,
  receivedAt,
  client,
});

const ruleError = v.object({
  ruleName: v.string(),
  topic: v.string(),
  clientId: v.optional(v.string(), 'N/A'),
  base64OriginalPayload: v.pipe(v.string(), v.union([v.literal(''), v.pipe(v.string(), v.base64())])),
});

const shadowUpdate = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ state: v.object({ desired: v.record(v.string(), v.unknown()) }) }),
);

/** What stands before the topic of a message that was published past the broker, straight to a rule. */
const BASIC_INGEST = /^\$aws\/rules\/[^/]+\//;

const DESIRED_TOPIC = /^\$aws\/things\/([^/]+)\/shadow\/name\/twin\/update\/accepted$/;

/**
 * Reads what the error action of an IoT rule wrote: the message goes to the functions that the rule would have called.
 * The letter does not tell when the message came, so that `sentAt` stands for it, ms since the epoch. Null where it is
 * another kind of letter. https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
 */
const readRuleError = (value: unknown, stack: string, sentAt: number): Reading | null => {
  const parsed = v.safeParse(ruleError, value);
  if (!parsed.success) return null;
  const { ruleName, clientId, base64OriginalPayload } = parsed.output;
  const topic = parsed.output.topic.replace(BASIC_INGEST, '');
  const body = Buffer.from(base64OriginalPayload, 'base64');
  const what = `message on ${topic} (${ruleName})`;

  const [, thing] = DESIRED_TOPIC.exec(topic) ?? [];
  if (thing !== undefined) {
    const update = v.safeParse(shadowUpdate, body.toString('utf8'));
    if (!update.success) return unknown(`is an update of the twin of ${thing} in which nothing is desired`);
    const { desired } = update.output.state;
    return {
      kind: 'calls',
      what,
      calls: [{ functionName: `${stack}-command`, event: { desired, thing, receivedAt: sentAt } }],
    };
  }

  // The rules engine says N/A of a message that was published over HTTPS.
  const client = clientId === 'N/A' ? null : clientId;
  const event = messageEvent({ topic, body, receivedAt: sentAt, client });
  return {
    kind: 'calls',
    what,
    calls: [
      { functionName: `${stack}-store`, event },
      { functionName: `${stack}-watch`, event },
    ],
  };
};

/** Reads a letter of the dead-letter queue, sent at `sentAt` (ms since the epoch), of whichever of its two kinds. */
export const readDeadLetter = (text: string, stack: string, sentAt: number): Reading => {
  const value = parseJson(text);
  if (value === undefined) return unknown('is not JSON');
  return (
    readAsyncRecord(value, stack) ??
    readRuleError(value, stack, sentAt) ??
    unknown('is neither a failed call of a function nor a failed action of a rule')
  );
};

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
const readAsyncRecord = (value: unknown, stack: string): Reading | null => {
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
