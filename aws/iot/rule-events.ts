import * as v from 'valibot';
import type { RawMessage } from '../../domain/message/raw-message.ts';
import { EventError } from '../aws-error.ts';

/** What the IoT rule hands over of a message. */
const document = v.object({
  body: v.string(),
  topic: v.string(),
  receivedAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
  client: v.nullish(v.string(), null),
});

/** A Kinesis event, as Lambda's event source hands it over. */
const kinesisEvent = v.object({
  Records: v.array(
    v.object({
      kinesis: v.object({
        data: v.string(),
        /** Seconds since the epoch, with a fraction. */
        approximateArrivalTimestamp: v.number(),
      }),
    }),
  ),
});

const bytesOf = (base64: string): Uint8Array => Buffer.from(base64, 'base64');

const rawOf = ({ body, ...rest }: v.InferOutput<typeof document>): RawMessage => ({
  ...rest,
  body: bytesOf(body),
});

const written = v.pipe(v.string(), v.parseJson(), document);

/** A record of the stream; one that the rule did not write has no topic, and goes to the quarantine for it. */
const rawOfRecord = ({ kinesis }: v.InferOutput<typeof kinesisEvent>['Records'][number]): RawMessage => {
  const bytes = bytesOf(kinesis.data);
  const parsed = v.safeParse(written, Buffer.from(bytes).toString('utf8'));
  if (parsed.success) return rawOf(parsed.output);
  return {
    topic: '',
    body: bytes,
    receivedAt: Math.round(kinesis.approximateArrivalTimestamp * 1000),
    client: null,
  };
};

/**
 * The messages in what woke a function: one from the IoT rule itself, or a batch of the inference stream. Throws when
 * it is neither, so that the event is kept where a person can look at it.
 */
export const readInferenceEvent = (event: unknown): readonly RawMessage[] => {
  const batch = v.safeParse(kinesisEvent, event);
  if (batch.success) return batch.output.Records.map(rawOfRecord);
  const one = v.safeParse(document, event);
  if (one.success) return [rawOf(one.output)];
  const faults = one.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw new EventError(
    'poison',
    `neither a message of the IoT rule nor a batch of the stream: ${faults.join('; ')}`,
  );
};

const desiredEvent = v.object({
  desired: v.nullish(v.record(v.string(), v.unknown()), {}),
  thing: v.pipe(v.string(), v.nonEmpty()),
  receivedAt: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** What the rule on a twin's desired state hands over. Throws when it is something else, so that it is kept. */
export const readDesiredEvent = (event: unknown): v.InferOutput<typeof desiredEvent> => {
  const parsed = v.safeParse(desiredEvent, event);
  if (parsed.success) return parsed.output;
  const faults = parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'event'}: ${issue.message}`);
  throw new EventError('poison', `not the desired state of a twin: ${faults.join('; ')}`);
};
