import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainAwsError, isRefusedToCaller } from '../../../aws/aws-error.ts';
import { isUsageError } from '../../../cli/terminal/usage-error.ts';

const errorOf = (fields: object, message = 'words of the service') =>
  Object.assign(new Error(message), fields);

for (const [what, error, isUsage, refused, words] of [
  [
    'no keys',
    errorOf({ name: 'CredentialsProviderError' }),
    true,
    true,
    /no AWS credentials \(words of the service\); run aws configure/,
  ],
  ['no region', new Error('Region is missing'), true, true, /no AWS region; name it with --region/],
  [
    'old keys',
    errorOf({ name: 'ExpiredTokenException' }),
    true,
    true,
    /does not take these credentials .*sign in again/,
  ],
  [
    'wrong keys',
    errorOf({ name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 400 } }),
    true,
    true,
    /sign in again/,
  ],
  [
    'no right',
    errorOf({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }),
    false,
    true,
    /access denied: words of/,
  ],
  [
    'a right without a name',
    errorOf({ name: 'Odd', $metadata: { httpStatusCode: 403 } }),
    false,
    true,
    /access denied/,
  ],
  [
    'nobody there',
    errorOf({ code: 'ENOTFOUND' }, 'getaddrinfo ENOTFOUND x'),
    false,
    false,
    /nobody answers \(getaddrinfo ENOTFOUND x\); is the region right/,
  ],
  [
    'anything else',
    errorOf({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } }),
    false,
    false,
    /: ThrottlingException: words/,
  ],
] as const) {
  test(`${what} is told in one line with what was being done`, () => {
    const explained = explainAwsError('the stack could not be read', error);
    assert.match(explained.message, /^the stack could not be read: /);
    assert.match(explained.message, words);
    assert.deepEqual(
      [isUsageError(explained), explained.cause, isRefusedToCaller(explained)],
      [isUsage, error, refused],
    );
  });
}
