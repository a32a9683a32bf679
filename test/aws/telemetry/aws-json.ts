import { type Answer, startServer, type TestServer } from '../start-server.ts';

/** What a service answers: a result, or an error of that name. */
export type AwsAnswer =
  | Readonly<{ result: unknown }>
  | Readonly<{ error: string; status?: number; fields?: Readonly<Record<string, unknown>> }>;

const answered = (given: AwsAnswer): Answer => {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  if ('result' in given) return { status: 200, headers, body: JSON.stringify(given.result) };
  const { error, status = 400, fields = { message: error } } = given;
  const body = JSON.stringify({ __type: `com.amazonaws.service#${error}`, ...fields });
  return { status, headers, body };
};

/** Starts a server of AWS's JSON protocol: `answer` is given the operation that is asked for and its parsed input. */
export const startAwsJson = (answer: (operation: string, input: unknown) => AwsAnswer): Promise<TestServer> =>
  startServer(({ headers, body }) => {
    const target = String(headers['x-amz-target']);
    const input: unknown = JSON.parse(body.length === 0 ? '{}' : body.toString('utf8'));
    return answered(answer(target.slice(target.indexOf('.') + 1), input));
  });
