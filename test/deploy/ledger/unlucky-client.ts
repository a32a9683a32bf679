import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** `unreached` is not carried out; `lost` is, but its answer never arrives. */
export type LostRequest = 'unreached' | 'lost';

/** Lets a client meet the mishaps given last, one for each of its attempts; its own retries stay as they are. */
export const unluckyClient = (client: DynamoDBClient) => {
  let left: (string | null)[] = [];
  const connectionLost = (): Error => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  client.middlewareStack.add(
    (next) => async (args) => {
      const mishap = left.shift() ?? null;
      if (mishap === 'unreached') throw connectionLost();
      const answer = await next(args);
      if (mishap === 'lost') throw connectionLost();
      return answer;
    },
    // Within the retries: each attempt comes through here.
    { step: 'deserialize', priority: 'low', name: 'mishaps' },
  );
  return {
    client,
    meet(mishaps: readonly (string | null)[]): void {
      left = [...mishaps];
    },
  };
};
