import { type Answer, type Request, startServer, type TestServer } from '../../aws/start-server.ts';

/** What AWS answers to one operation: a result (JSON, or XML of its fields), or an error. */
export type Said =
  | Readonly<{ result: Readonly<Record<string, unknown>> }>
  | Readonly<{ error: string; message?: string; status?: number }>
  | 'silence';

/** What an account says to each operation asked of it; `input` is the parsed JSON, where there is any. */
export type Account = (operation: string, input: Readonly<Record<string, unknown>>) => Said;

const xml = (value: unknown): string => {
  if (Array.isArray(value)) return value.map((member) => `<member>${xml(member)}</member>`).join('');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([name, inner]) => `<${name}>${xml(inner)}</${name}>`)
    .join('');
};

const asQuery = (operation: string, said: Exclude<Said, 'silence'>): Answer => {
  const headers = { 'content-type': 'text/xml' };
  if ('error' in said) {
    const error = `<Type>Sender</Type><Code>${said.error}</Code><Message>${said.message ?? ''}</Message>`;
    return {
      status: said.status ?? 400,
      headers,
      body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>`,
    };
  }
  const result = `<${operation}Result>${xml(said.result)}</${operation}Result>`;
  return { status: 200, headers, body: `<${operation}Response>${result}</${operation}Response>` };
};

const asJson = (said: Exclude<Said, 'silence'>): Answer => {
  const headers = { 'content-type': 'application/x-amz-json-1.0' };
  if ('error' in said)
    return {
      status: said.status ?? 400,
      headers: { ...headers, 'x-amzn-errortype': said.error },
      body: JSON.stringify({ __type: said.error, message: said.message ?? '' }),
    };
  return { status: 200, headers, body: JSON.stringify(said.result) };
};

const REST: readonly (readonly [RegExp, string])[] = [
  [/^\/endpoint$/, 'DescribeEndpoint'],
  [/^\/role-aliases\//, 'DescribeRoleAlias'],
];

const operationOf = ({ path, headers, body }: Request): string => {
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return target.slice(target.indexOf('.') + 1);
  return (
    REST.find(([form]) => form.test(path))?.[1] ?? new URLSearchParams(body.toString()).get('Action') ?? path
  );
};

/** One server for all of AWS's services, which speaks their protocols and answers as `account` says. */
export const startAws = (account: Account): Promise<TestServer> =>
  startServer((request) => {
    const operation = operationOf(request);
    const isQuery = String(request.headers['content-type']).includes('x-www-form-urlencoded');
    const text = request.body.toString();
    const said = account(operation, isQuery || text === '' ? {} : JSON.parse(text));
    if (said === 'silence') return new Promise<never>(() => {});
    return isQuery ? asQuery(operation, said) : asJson(said);
  });

/** The quotas of an old account in a large region, each under its service. */
export const QUOTAS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  lambda: { 'Concurrent executions': 1000, 'Function and layer storage': 75 },
  kinesis: { 'Shards per Region': 500 },
  dynamodb: { 'Table-level write throughput limit': 40_000 },
  iotcore: {
    'Inbound publish requests per second per account': 20_000,
    'Publish requests per second per connection': 100,
    'Rule evaluations per second per AWS account': 20_000,
    'Device Shadow API requests/second per account': 4000,
  },
};

export const quotaList = (quotas: Readonly<Record<string, number>>): Said => ({
  result: { Quotas: Object.entries(quotas).map(([QuotaName, Value]) => ({ QuotaName, Value })) },
});

/** An account in which a deploy goes through. */
export const soundAccount: Account = (operation, input) => {
  switch (operation) {
    case 'GetCallerIdentity':
      return { result: { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/ana', UserId: 'A' } };
    case 'ListDatabases':
      return { result: { Databases: [{ DatabaseName: 'plant' }] } };
    case 'DescribeEndpoint':
      return { result: { endpointAddress: 'abc-ats.iot.eu-central-1.amazonaws.com' } };
    case 'DescribeEndpoints':
      return { result: { Endpoints: [] } };
    case 'DescribeRoleAlias':
      return { result: { roleAliasDescription: { roleArn: 'arn:aws:iam::123456789012:role/Cores' } } };
    case 'ListServiceQuotas':
      return quotaList(QUOTAS[String(input.ServiceCode)] ?? {});
    case 'GetSMSSandboxAccountStatus':
      return { result: { IsInSandbox: false } };
    case 'ListSMSSandboxPhoneNumbers':
      return { result: { PhoneNumbers: [] } };
    default:
      return { error: 'UnknownOperationException', message: operation };
  }
};
