import * as v from 'valibot';
import type { TestServer } from '../start-server.ts';
import { type AwsAnswer, startAwsJson } from '../telemetry/aws-json.ts';

const putInput = v.object({
  DeliveryStreamName: v.string(),
  Records: v.pipe(
    v.array(
      v.object({
        Data: v.pipe(
          v.string(),
          v.transform((data) => Buffer.from(data, 'base64')),
        ),
      }),
    ),
    v.minLength(1),
    v.maxLength(500),
  ),
});

/** Of a call: an error, or the places of the records that are not taken. */
export type LakeFault = AwsAnswer | readonly number[] | null;

export type LakeService = TestServer &
  Readonly<{
    /** The records that a stream took, in the order in which they came. */
    records(stream: string): readonly Buffer[];
    /** The bytes of the records of each call that was served. */
    calls: readonly (readonly number[])[];
    change(fault: (call: number) => LakeFault): void;
  }>;

const MAX_RECORD_BYTES = 1_024_000;
const MAX_CALL_BYTES = 4 * 1024 * 1024;

/** Firehose's way with records: limits of a call and a record, parts of a call not taken, the whole refused. */
export const startFirehose = async (): Promise<LakeService> => {
  let fault: (call: number) => LakeFault = () => null;
  let count = 0;
  const streams = new Map<string, Buffer[]>();
  const calls: number[][] = [];

  const streamOf = (name: string): Buffer[] => {
    const stream = streams.get(name) ?? [];
    streams.set(name, stream);
    return stream;
  };

  const put = (input: unknown): AwsAnswer => {
    const planned = fault(count);
    count += 1;
    if (planned !== null && !Array.isArray(planned) && !('length' in planned)) return planned;
    const { DeliveryStreamName, Records } = v.parse(putInput, input);
    const sizes = Records.map(({ Data }) => Data.length);
    const total = Records.reduce((sum, { Data }) => sum + Data.toString('base64').length, 0);
    if (total > MAX_CALL_BYTES || sizes.some((size) => size > MAX_RECORD_BYTES || size === 0)) {
      return { error: 'InvalidArgumentException' };
    }
    calls.push(sizes);
    const refused = new Set(Array.isArray(planned) ? planned.filter((index) => index < Records.length) : []);
    const stream = streamOf(DeliveryStreamName);
    const answers = Records.map(({ Data }, index) => {
      if (refused.has(index)) {
        return { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
      }
      stream.push(Data);
      return { RecordId: `record-${stream.length}` };
    });
    return { result: { FailedPutCount: refused.size, Encrypted: false, RequestResponses: answers } };
  };

  const server = await startAwsJson((_, input) => put(input));
  return {
    ...server,
    records: streamOf,
    calls,
    change: (changed) => {
      fault = changed;
      count = 0;
    },
  };
};
