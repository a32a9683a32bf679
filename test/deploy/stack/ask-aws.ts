/** What it takes to ask a service that no client is installed for. */
type Asked = Readonly<{ endpoint: string; region: string; service: string }>;

const ask = async (
  { endpoint, region, service }: Asked,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<string> => {
  // The emulator reads who asks, and checks no signature.
  const scope = `test/20260101/${region}/${service}/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const answer = await fetch(endpoint, { method: 'POST', headers: { ...headers, authorization }, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} answers ${answer.status}: ${text}`);
  return text;
};

/** Calls an operation of a service that speaks AWS's JSON protocol, named with its target. */
export const askJson = async (asked: Asked, target: string, input: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  return JSON.parse(await ask(asked, headers, JSON.stringify(input)));
};

/** Calls an operation of a service that speaks AWS's query protocol; gives the XML of the answer. */
export const askQuery = (asked: Asked, action: string, version: string): Promise<string> =>
  ask(
    asked,
    { 'content-type': 'application/x-www-form-urlencoded' },
    new URLSearchParams({ Action: action, Version: version }).toString(),
  );
