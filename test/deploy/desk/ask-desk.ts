import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { askJson } from '../stack/ask-aws.ts';
import type { DeployedStack } from '../stack/deployed-stack.ts';

export type DeskAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  text: string;
}>;

type Asked = Readonly<{ method?: string; bearer?: string; body?: object; headers?: Record<string, string> }>;

const textOf = (bytes: Buffer, encoding: string | undefined): string =>
  (encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');

/** Asks the API of a deployed desk, which the emulator knows by the name of the host. */
export const askDesk =
  ({ endpoint, output }: Pick<DeployedStack, 'endpoint' | 'output'>) =>
  (path: string, { method = 'GET', bearer, body, headers = {} }: Asked = {}): Promise<DeskAnswer> => {
    const { hostname, port } = new URL(endpoint);
    const [api = ''] = new URL(output('DeskUrl')).host.split('.');
    const { promise, resolve, reject } = Promise.withResolvers<DeskAnswer>();
    const sent = request(
      {
        hostname,
        port,
        path,
        method,
        headers: {
          ...headers,
          host: `${api}.execute-api.localhost:${port}`,
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      },
      (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: textOf(Buffer.concat(parts), answer.headers['content-encoding']),
          }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    return promise;
  };

const PASSWORD = 'Correct-Horse-7';

/** Makes a user of the desk in a group, or in none, and signs them in: the token that their page would send. */
export const signIn = async (
  { endpoint, region, output }: Pick<DeployedStack, 'endpoint' | 'region' | 'output'>,
  email: string,
  group: string | null,
): Promise<string> => {
  const cognito = (operation: string, input: object): Promise<unknown> =>
    askJson(
      { endpoint, region, service: 'cognito-idp' },
      `AWSCognitoIdentityProviderService.${operation}`,
      input,
    );
  const user = { UserPoolId: output('DeskUserPoolId'), Username: email };
  await cognito('AdminCreateUser', {
    ...user,
    UserAttributes: [
      { Name: 'email', Value: email },
      { Name: 'email_verified', Value: 'true' },
    ],
    MessageAction: 'SUPPRESS',
  });
  await cognito('AdminSetUserPassword', { ...user, Password: PASSWORD, Permanent: true });
  if (group !== null) await cognito('AdminAddUserToGroup', { ...user, GroupName: group });
  // The page signs in by a code, a test by a password.
  const client = { UserPoolId: user.UserPoolId, ClientId: output('DeskClientId') };
  await cognito('UpdateUserPoolClient', { ...client, ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'] });
  const answer: { AuthenticationResult?: { IdToken?: string } } = Object(
    await cognito('AdminInitiateAuth', {
      ...client,
      AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
      AuthParameters: { USERNAME: email, PASSWORD },
    }),
  );
  return answer.AuthenticationResult?.IdToken ?? '';
};
