import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createKmsLinkKey } from '../../../aws/kms/link-key.ts';

type Asked = Readonly<{ headers: NodeJS.Dict<string | string[]>; body: { KeyId: string; Message: string } }>;

const asked: Asked[] = [];
let failures = 0;
const server = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const body = JSON.parse(Buffer.concat(parts).toString());
  asked.push({ headers: request.headers, body });
  failures -= 1;
  if (failures >= 0) response.writeHead(500).end('{}');
  else {
    const mac = createHmac('sha256', 'key').update(Buffer.from(body.Message, 'base64')).digest('base64');
    response.end(JSON.stringify({ KeyId: body.KeyId, Mac: mac }));
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
after(() => server.close());
const address = server.address();
const endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;

const keyOf = () =>
  createKmsLinkKey({
    client: new DynamoDBClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    }),
    endpoint,
    keyId: 'key-1',
  });

test('a code is asked of KMS once, under its own name, signed for it', async () => {
  const key = keyOf();
  const payload = Buffer.from('said');
  const codes = [await key.mac(payload), await key.mac(payload)];
  const expected = createHmac('sha256', 'key').update('link said').digest();
  for (const code of codes) assert.deepEqual(Buffer.from(code), expected);
  assert.equal(asked.length, 1);
  const { headers, body } = asked[0] ?? { headers: {}, body: { KeyId: '', Message: '' } };
  assert.equal(headers['x-amz-target'], 'TrentService.GenerateMac');
  assert.match(String(headers.authorization), /AKIDEXAMPLE\/\d{8}\/eu-central-1\/kms\/aws4_request/);
  assert.equal(body.KeyId, 'key-1');
});

test('a service that fails once is asked once more, and then it is an error', async () => {
  failures = 1;
  assert.equal((await keyOf().mac(Buffer.from('again'))).length, 32);
  failures = 2;
  await assert.rejects(keyOf().mac(Buffer.from('again')), /KMS gives no code/);
});
