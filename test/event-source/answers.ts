import type { Answer } from '../aws/start-server.ts';
import type { Service } from './mishap.ts';

/** How each service says that it failed, or that it asks for patience. */
export const failureOf = (service: Service, kind: 'refused' | 'throttled'): Answer => {
  const status = kind === 'refused' ? 500 : service === 's3' ? 503 : 429;
  const code = kind === 'refused' ? 'InternalFailure' : 'ThrottlingException';
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
