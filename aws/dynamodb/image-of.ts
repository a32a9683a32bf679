import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { StreamRecord } from './read-stream-event.ts';

/** The item of a stream's record as it now is, as plain values; undefined where it is none. */
export const imageOf = ({ dynamodb }: StreamRecord): unknown => {
  const { NewImage: image } = dynamodb;
  try {
    return typeof image === 'object' && image !== null ? unmarshall({ ...image }) : undefined;
  } catch {
    return undefined;
  }
};
