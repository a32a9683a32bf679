import * as v from 'valibot';
import { type WireRecord, type WriteInput, writeInput } from '../../aws/timestream/input.ts';
import { forward } from './forward.ts';
import { type Front, startFront } from './start-front.ts';
import { writtenRecords } from './written-records.ts';

const WRITE = 'Timestream_20181101.WriteRecords';

/** What goes wrong with writes: nothing, every one of them, or the records whose text holds a marker. */
export type Trouble = 'none' | 'throttled' | Readonly<{ rejecting: string }>;

/** Stands before a Timestream and makes trouble on demand; all else is passed on. */
export type TroubledTimestream = Front &
  Readonly<{
    make(trouble: Trouble): void;
    /** How many writes reached it. */
    writes(): number;
    /** What of them was written to a table. */
    records(table: string): readonly WireRecord[];
  }>;

const JSON_TYPE = { 'content-type': 'application/x-amz-json-1.0' };

const refusal = (type: string, fields: object): string =>
  JSON.stringify({ __type: `com.amazonaws.timestream.v20181101#${type}`, ...fields });

/** The positions of the records that are to be rejected. */
const rejectedIn = ({ Records: records }: WriteInput, trouble: Trouble): readonly number[] =>
  typeof trouble === 'string'
    ? []
    : records.flatMap((record, index) => (JSON.stringify(record).includes(trouble.rejecting) ? [index] : []));

const REASON = 'The record timestamp is outside the time range of the data ingestion window.';

export const startTroubledTimestream = async (behind: string): Promise<TroubledTimestream> => {
  let trouble: Trouble = 'none';
  let writes = 0;
  const written = writtenRecords();
  const front = await startFront(async (incoming, body, outgoing) => {
    if (incoming.headers['x-amz-target'] !== WRITE) {
      const answer = await forward(behind, incoming, body);
      outgoing.writeHead(answer.status, answer.headers).end(answer.body);
      return;
    }
    writes += 1;
    if (trouble === 'throttled') {
      outgoing.writeHead(400, JSON_TYPE).end(refusal('ThrottlingException', { Message: 'slow down' }));
      return;
    }
    const input = v.parse(writeInput, JSON.parse(body.toString('utf8')));
    const rejected = rejectedIn(input, trouble);
    // As Timestream does: the others of the request are written.
    const kept = { ...input, Records: input.Records.filter((_, index) => !rejected.includes(index)) };
    if (kept.Records.length > 0) {
      const answer = await forward(behind, incoming, Buffer.from(JSON.stringify(kept)));
      if (answer.status !== 200 || rejected.length === 0) {
        if (answer.status === 200) written.add(kept);
        outgoing.writeHead(answer.status, answer.headers).end(answer.body);
        return;
      }
      written.add(kept);
    }
    const reasons = rejected.map((RecordIndex) => ({ RecordIndex, Reason: REASON }));
    outgoing
      .writeHead(419, JSON_TYPE)
      .end(refusal('RejectedRecordsException', { Message: 'rejected', RejectedRecords: reasons }));
  });
  return {
    ...front,
    make: (next) => {
      trouble = next;
    },
    writes: () => writes,
    records: written.of,
  };
};
