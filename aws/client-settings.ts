/**
 * With what every client of the SDK is made, so that a service that does not answer is known to fail while there is time
 * left to say so. Left to itself, a client waits for as long as its function lives.
 * https://github.com/aws/aws-sdk-js-v3/blob/main/supplemental-docs/CLIENTS.md
 */
const CONNECTION_TIMEOUT_MS = 1000;
const REQUEST_TIMEOUT_MS = 6000;

/** The longest pause of the SDK before another attempt while there are no more than three: 100 ms, then 200. */
const PAUSES_MS = 300;

/** A call of a function's client with all its attempts, ms. */
export const longestCallMs = (attempts: number): number =>
  attempts * (CONNECTION_TIMEOUT_MS + REQUEST_TIMEOUT_MS) + PAUSES_MS;

/** For the clients of functions; how often they try stands as AWS_MAX_ATTEMPTS in `serverless.yml`. */
export const functionClient = {
  requestHandler: {
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    throwOnRequestTimeout: true,
  },
} as const;

/** For the clients of commands, which may wait for a function that they call: no function runs for longer than a minute. */
export const commandClient = {
  requestHandler: { connectionTimeout: 5000, requestTimeout: 65_000, throwOnRequestTimeout: true },
} as const;
