import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { createS3Quarantine, readQuarantineText } from '../../../aws/s3/quarantine.ts';
import type { QuarantineRecord } from '../../../usecases/ports/quarantine.ts';
import type { QuarantineUnderTest } from '../../contract/quarantine-contract.ts';

/** All that lies in a bucket, read back. */
const recordsIn = async (client: S3Client, bucket: string): Promise<readonly QuarantineRecord[]> => {
  const records: QuarantineRecord[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token }));
    for (const { Key } of page.Contents ?? []) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      const record = readQuarantineText((await Body?.transformToString()) ?? '');
      if (record !== null) records.push(record);
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return records;
};

/** A quarantine in a bucket of its own, for the contract of the port. */
export const s3QuarantineUnderTest = (connect: () => S3Client, bucket: string): QuarantineUnderTest => {
  const client = connect();
  return {
    quarantine: createS3Quarantine({ client, bucket }),
    records: () => recordsIn(client, bucket),
    restart: () => {
      client.destroy();
      return Promise.resolve(s3QuarantineUnderTest(connect, bucket));
    },
    close: () => Promise.resolve(client.destroy()),
  };
};
