import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  NoSuchKey,
  type S3Client,
} from '@aws-sdk/client-s3';
import { explainAwsError, explained } from '../aws-error.ts';
import type { Kept, KeptItem } from '../kept.ts';

type Options = Readonly<{ client: S3Client; bucket: string; prefix: string }>;

/** The objects under a prefix of a bucket, in the order of their keys. */
export const storedObjects = ({ client, bucket: Bucket, prefix: Prefix }: Options): Kept => {
  const list = (token: string | undefined): Promise<ListObjectsV2CommandOutput> =>
    client
      .send(new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken: token }))
      .catch(explained(`s3://${Bucket}/${Prefix} could not be listed`));

  /** Null where somebody else took the object away since it was listed. */
  const textOf = async (Key: string): Promise<string | null> => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? '';
    } catch (error) {
      if (error instanceof NoSuchKey) return null;
      throw explainAwsError(`s3://${Bucket}/${Key} could not be read`, error);
    }
  };

  const itemOf = (Key: string, text: string, keptAt: number): KeptItem => ({
    name: `s3://${Bucket}/${Key}`,
    text,
    keptAt,
    remove: async () => {
      await client
        .send(new DeleteObjectCommand({ Bucket, Key }))
        .catch(explained(`s3://${Bucket}/${Key} is put back but could not be deleted`));
    },
  });

  return {
    items: async function* () {
      let token: string | undefined;
      do {
        const { Contents = [], NextContinuationToken } = await list(token);
        for (const { Key, LastModified } of Contents) {
          const text = Key === undefined ? null : await textOf(Key);
          if (Key !== undefined && text !== null) yield itemOf(Key, text, LastModified?.getTime() ?? 0);
        }
        token = NextContinuationToken;
      } while (token !== undefined);
    },
    close: () => Promise.resolve(),
  };
};
