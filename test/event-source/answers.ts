import type { Answer } from '../aws/start-server.ts';
import type { Service } from './mishap.ts';

/** How each service says that it will never do what it was asked. */
const INVALID: Readonly<Record<Service, string>> = {
  dynamodb: 'ValidationException',
  telemetry: 'ValidationException',
  sns: 'InvalidParameter',
  sqs: 'InvalidMessageContents',
  s3: 'InvalidArgument',
  shadows: 'InvalidRequestException',
};

/** How each service says that it failed, or that it asks for patience. */
export const failureOf = (service: Service, kind: 'invalid' | 'refused' | 'throttled'): Answer => {
  const status = kind === 'invalid' ? 400 : kind === 'refused' ? 500 : service === 's3' ? 503 : 429;
  const code =
    kind === 'invalid' ? INVALID[service] : kind === 'refused' ? 'InternalFailure' : 'ThrottlingException';
  if (service === 's3' || service === 'sns') {
    return {
      status,
      headers: { 'content-type': 'text/xml' },
      body:
        service === 's3'
          ? `<Error><Code>SlowDown</Code><Message>${code}</Message></Error>`
          : `<ErrorResponse><Error><Type>Receiver</Type><Code>${code}</Code><Message>${code}</Message></Error></ErrorResponse>`,
    };
  }
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message: code }),
  };
};
