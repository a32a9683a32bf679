import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behindGateway, callerOfRequest, httpAnswer, readHttpEvent } from '../../../aws/lambda/http-event.ts';

const event = (fields: object = {}, context: object = {}) => ({
  version: '2.0',
  rawPath: '/api/fleet',
  rawQueryString: 'a=1',
  headers: { host: 'desk.example.com' },
  isBase64Encoded: false,
  ...fields,
  requestContext: {
    domainName: 'desk.example.com',
    http: { method: 'GET', sourceIp: '192.0.2.7' },
    ...context,
  },
});

test('a request is what API Gateway was asked, over TLS', () => {
  const request = readHttpEvent(event());
  assert.equal(request.url, 'https://desk.example.com/api/fleet?a=1');
  assert.equal(behindGateway.addressOf(request), '192.0.2.7');
  assert.equal(callerOfRequest(request), null);
});

test('who asks is known by the claims alone, whatever a request says of itself', () => {
  const jwt = { claims: { email: '김@example.com', 'cognito:groups': '[viewer engineer]' } };
  const forged = encodeURIComponent(JSON.stringify({ name: 'eve', groups: ['engineer'] }));
  const headers = { host: 'desk.example.com', 'X-Desk-Caller': forged, 'x-desk-address': '198.51.100.1' };
  assert.equal(callerOfRequest(readHttpEvent(event({ headers }))), null);
  assert.equal(behindGateway.addressOf(readHttpEvent(event({ headers }))), '192.0.2.7');
  assert.deepEqual(callerOfRequest(readHttpEvent(event({ headers }, { authorizer: { jwt } }))), {
    name: '김@example.com',
    groups: ['viewer', 'engineer'],
  });
});

test('a body comes as it was sent, base64 or not', async () => {
  const http = { method: 'POST', sourceIp: '' };
  const body = '{"by":"김"}';
  const plain = readHttpEvent(event({ body }, { http }));
  assert.equal(await plain.text(), body);
  const packed = event({ body: Buffer.from(body).toString('base64'), isBase64Encoded: true }, { http });
  assert.equal(await readHttpEvent(packed).text(), body);
});

test('a text goes out as it is, anything else and what is compressed as base64', async () => {
  const json = await httpAnswer(Response.json({ a: 1 }, { status: 201 }));
  assert.deepEqual([json.statusCode, json.body, json.isBase64Encoded], [201, '{"a":1}', false]);
  const bytes = new Uint8Array([137, 80, 255]);
  const image = await httpAnswer(new Response(bytes, { headers: { 'content-type': 'image/png' } }));
  assert.deepEqual([image.isBase64Encoded, Buffer.from(image.body, 'base64')], [true, Buffer.from(bytes)]);
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  const packed = await httpAnswer(new Response(bytes, { headers }));
  assert.deepEqual([packed.isBase64Encoded, Buffer.from(packed.body, 'base64')], [true, Buffer.from(bytes)]);
});

test('what is no request of API Gateway is an error', () => {
  assert.throws(() => readHttpEvent({ Records: [] }));
});
