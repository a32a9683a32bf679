import type { PutItemCommandInput } from '@aws-sdk/client-dynamodb';

type Condition = Pick<
  PutItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** That an item is not there yet. */
export const IS_ABSENT = { ConditionExpression: 'attribute_not_exists(pk)' } as const;

/** That a record stands at a version; 0: it is not there yet. */
export const isStanding = (version: number): Condition =>
  version === 0
    ? IS_ABSENT
    : {
        ConditionExpression: '#version = :expected',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':expected': { N: String(version) } },
      };
