import { type LakeDocument, MAX_RECORD_BYTES } from './document.ts';

/** The most bytes of a call: 4 MiB as they travel, encoded in base64. https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
const MAX_BATCH_BYTES = 3_000_000;
const MAX_BATCH_RECORDS = 500;

/** Joins what lies side by side as long as the sum of its sizes stays within `most`, and within `mostOf` pieces. */
const packed = <T>(
  pieces: readonly T[],
  sizeOf: (piece: T) => number,
  most: number,
  mostOf = Number.POSITIVE_INFINITY,
): readonly (readonly T[])[] => {
  const packs: T[][] = [];
  let room = 0;
  for (const piece of pieces) {
    const size = sizeOf(piece);
    const pack = packs.at(-1);
    if (pack === undefined || size > room || pack.length >= mostOf) {
      packs.push([piece]);
      room = most - size;
    } else {
      pack.push(piece);
      room -= size;
    }
  }
  return packs;
};

/** Packs documents into records as large as Firehose takes, since each is paid for in steps of 5 KB, and those into calls. */
export const lakeBatches = (documents: readonly LakeDocument[]): readonly (readonly Uint8Array[])[] => {
  const records = packed(documents, ({ bytes }) => bytes, MAX_RECORD_BYTES).map((pack) =>
    Buffer.from(pack.map(({ text }) => text).join('')),
  );
  return packed(records, ({ length }) => length, MAX_BATCH_BYTES, MAX_BATCH_RECORDS);
};
