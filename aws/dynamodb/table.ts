import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Waits before the attempt after this many. */
export type Pause = (attempts: number) => Promise<void>;

/** The ledger's table, how to reach it, and how to wait for it. */
export type LedgerTable = Readonly<{ client: DynamoDBClient; table: string; pause: Pause }>;

/** How often the ledger is asked once more after an answer that asks for patience, beyond the client's own retries. */
export const MAX_ATTEMPTS = 8;

const FIRST_MS = 25;
const LONGEST_MS = 1000;

/** Exponential, with full jitter: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/ */
export const jitteredPause: Pause = (attempts) =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** attempts));
  });
