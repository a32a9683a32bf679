import * as v from 'valibot';
import { parseJson } from '../../domain/fields.ts';
import { readAsyncRecord } from './read-lambda-record.ts';
import { messageEvent, type Reading, unknown } from './reading.ts';

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
