import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDeskApp } from '../../../desk/api/desk-app.ts';
import type { DeskPorts } from '../../../desk/api/desk-ports.ts';
import { incidentsCsv } from '../../../desk/api/incident-routes.ts';
import { DEFAULT_BOOK } from '../../../domain/alarm/policy/policy-book.ts';
import { deskSurroundings } from '../../fixture/desk-surroundings.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';

/** A desk over a line without cylinders, of which some part is as given. */
const deskWith = (parts: Partial<DeskPorts> = {}) =>
  createDeskApp({
    ...deskSurroundings(),
    policies: DEFAULT_BOOK,
    now: () => 1_763_800_000_000,
    changes: null,
    twins: { get: () => Promise.resolve(null), desire: () => Promise.reject(new Error('nobody is there')) },
    view: {
      cylinders: () => Promise.resolve(new Map()),
      cylinder: () => Promise.resolve(null),
      gateways: () => Promise.resolve(new Map()),
      incidents: () => Promise.resolve([incidentRecord({ comment: '<script>alert(1)</script>' })]),
      incident: () => Promise.resolve(null),
      course: () => Promise.resolve([]),
      rollups: () => Promise.resolve([]),
      samples: () => Promise.resolve([]),
      notices: () => Promise.resolve([]),
      pipeline: () => Promise.resolve({ backlog: 0, quarantine: null, deadLetters: null, channels: [] }),
    },
    ...parts,
  });

const COMMAND = { cylinder: 'press', type: 'ack', by: 'kim', key: 'key-0000-0001' };
const post = (body: string, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body,
});

const codeOf = async (answer: Response): Promise<string> => {
  const body: unknown = await answer.json();
  return `${answer.status} ${JSON.stringify(body).match(/"code":"(\w+)"/)?.[1]}`;
};

const HOSTILE: readonly (readonly [what: string, path: string, init: RequestInit, code: string])[] = [
  ['a name of somebody else', '/api/fleet', { headers: { host: 'evil.example' } }, '403 ForeignHost'],
  [
    'a page of somebody else',
    '/api/commands',
    post('{}', { origin: 'https://evil.example' }),
    '403 ForeignOrigin',
  ],
  ['a page of nobody', '/api/commands', post('{}', { origin: 'null' }), '403 ForeignOrigin'],
  [
    'a form of another site',
    '/api/commands',
    post('{}', { 'sec-fetch-site': 'cross-site' }),
    '403 ForeignOrigin',
  ],
  [
    'a form',
    '/api/commands',
    post('a=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    '400 NotJson',
  ],
  ['a text', '/api/commands', post('{}', { 'content-type': 'text/plain' }), '400 NotJson'],
  ['half a body', '/api/commands', post('{"cylinder":'), '400 NotJson'],
  ['a list', '/api/commands', post('[]'), '400 NotUnderstood'],
  ['null', '/api/commands', post('null'), '400 NotUnderstood'],
  [
    'a body without a key',
    '/api/commands',
    post(JSON.stringify({ ...COMMAND, key: undefined })),
    '400 NotUnderstood',
  ],
  [
    'a command that there is not',
    '/api/commands',
    post(JSON.stringify({ ...COMMAND, type: 'purge' })),
    '400 NotUnderstood',
  ],
  [
    'a name that is a path',
    '/api/commands',
    post(JSON.stringify({ ...COMMAND, cylinder: '../x' })),
    '400 NotUnderstood',
  ],
  ['a prototype', '/api/commands', post('{"__proto__":{"actions":["ack"]}}'), '400 NotUnderstood'],
  [
    'more than 64 KB',
    '/api/commands',
    post(JSON.stringify({ ...COMMAND, comment: 'x'.repeat(70_000) })),
    '413 TooLarge',
  ],
  ['an endless address', `/api/incidents?cylinder=${'x'.repeat(5000)}`, {}, '400 TooLong'],
  ['a time that is none', '/api/incidents?from=yesterday', {}, '400 NotUnderstood'],
  ['a limit beyond all', '/api/incidents?limit=9999', {}, '400 NotUnderstood'],
  ['a file that there is not', '/../../etc/passwd.txt', {}, '404 NotFound'],
  ['a line of the API that there is not', '/api/nothing', {}, '404 NotFound'],
  ['a method that there is not', '/api/fleet', { ...post('{}'), method: 'DELETE' }, '404 NotFound'],
  ['an unknown cylinder', '/api/commands', post(JSON.stringify(COMMAND)), '404 UnknownCylinder'],
];

for (const [what, path, init, code] of HOSTILE)
  test(`${what} is answered with ${code}`, async () => {
    assert.equal(await codeOf(await deskWith().request(path, init)), code);
  });

test('a twin that gives no answer leaves it open, and says to ask again', async () => {
  const twins: DeskPorts['twins'] = {
    get: () => Promise.resolve({ reported: {}, desired: {}, now: 0 }),
    desire: () => Promise.reject(new Error('secret of the inside')),
  };
  const answer = await deskWith({ twins }).request('/api/commands', post(JSON.stringify(COMMAND)));
  const text = await answer.clone().text();
  assert.equal(await codeOf(answer), '503 NoAnswer');
  assert.doesNotMatch(text, /secret/);
});

test('what fails inside is not told outside', async () => {
  const desk = deskWith();
  const view = { ...viewThatFails() };
  const answer = await deskWith({ view }).request('/api/fleet');
  const text = await answer.clone().text();
  assert.equal(await codeOf(answer), '503 Failed');
  assert.doesNotMatch(text, /secret/);
  assert.equal((await desk.request('/api/fleet')).status, 200);
});

const viewThatFails = (): DeskPorts['view'] => {
  const fail = (): Promise<never> => Promise.reject(new Error('secret of the inside'));
  return {
    cylinders: fail,
    cylinder: fail,
    gateways: fail,
    incidents: fail,
    incident: fail,
    course: fail,
    rollups: fail,
    samples: fail,
    notices: fail,
    pipeline: fail,
  };
};

test('nobody is let in who is not known, and a viewer does not act', async () => {
  const closed = deskWith({ userOf: () => null });
  for (const path of ['/api/fleet', '/api/incidents.csv', '/api/system', '/api/events'])
    assert.notEqual((await closed.request(path)).status, 200, path);
  assert.equal(
    await codeOf(await closed.request('/api/commands', post(JSON.stringify(COMMAND)))),
    '401 NotKnown',
  );
  const viewer = deskWith({ userOf: () => ({ name: 'lee', role: 'viewer', actions: [] }) });
  assert.equal((await viewer.request('/api/fleet')).status, 200);
  assert.equal(
    await codeOf(await viewer.request('/api/commands', post(JSON.stringify(COMMAND)))),
    '403 NotAllowed',
  );
});

test('who is known by name speaks under that one', async () => {
  const asked: unknown[] = [];
  const twins: DeskPorts['twins'] = {
    get: () => Promise.resolve({ reported: {}, desired: {}, now: 0 }),
    desire: (_, desired) => {
      asked.push(desired);
      return Promise.resolve({ lastCommands: [{ kind: 'ack', id: COMMAND.key, result: 'in-force' }] });
    },
  };
  const userOf = () => ({ name: 'lee', role: 'technician', actions: ['ack'] as const });
  await deskWith({ twins, userOf }).request('/api/commands', post(JSON.stringify(COMMAND)));
  assert.deepEqual(asked, [{ ack: { by: 'lee', id: COMMAND.key } }]);
});

test('every answer forbids code from elsewhere and being shown in a frame', async () => {
  for (const path of ['/', '/api/fleet', '/api/nothing', '/page-1a2b.js']) {
    const { headers } = await deskWith().request(path);
    const policy = headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  }
});

test('what somebody wrote goes out as JSON and never as a page', async () => {
  const answer = await deskWith().request('/api/incidents');
  assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
  assert.match(await answer.text(), /<script>/);
});

test('views of the page are the page, its files are kept for ever and it is not', async () => {
  for (const path of ['/', '/incidents', '/i/some.token', '/cylinders/press']) {
    const answer = await deskWith().request(path);
    assert.deepEqual([answer.status, answer.headers.get('cache-control')], [200, 'no-cache'], path);
  }
  const file = await deskWith().request('/page-1a2b.js');
  assert.match(file.headers.get('cache-control') ?? '', /immutable/);
});

test('what is large goes out compressed to whoever takes it so, and its tag is known again', async () => {
  const desk = deskWith();
  const ask = (headers: Record<string, string>) =>
    desk.request('/api/openapi.json', { headers: { 'accept-encoding': 'gzip', ...headers } });
  const answer = await ask({});
  assert.equal(answer.headers.get('content-encoding'), 'gzip');
  const again = await ask({ 'if-none-match': answer.headers.get('etag') ?? '' });
  assert.equal(again.status, 304);
  assert.equal((await desk.request('/api/openapi.json')).headers.get('content-encoding'), null);
});

test('more than so many requests a second are asked to wait, and the page is not', async () => {
  const desk = deskWith({ limit: { perSecond: 5, atOnce: 100 } });
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => (await desk.request('/api/fleet')).status),
  );
  assert.equal(statuses.filter((status) => status === 200).length, 10);
  assert.equal(statuses.filter((status) => status === 429).length, 30);
  assert.equal((await desk.request('/')).status, 200);
});

test('no cell of the table is a formula', () => {
  const [, line = ''] = incidentsCsv([
    incidentRecord({
      comment: '=HYPERLINK("https://evil.example")',
      mode: '@SUM(1)',
      acknowledgedBy: '-1+1',
      closedBy: 'a"b,c',
    }),
  ]).split('\r\n');
  assert.ok(line.endsWith(`'-1+1,"a""b,c",,'@SUM(1),"'=HYPERLINK(""https://evil.example"")"`), line);
});

test('the document of the API names every line with its schemas', async () => {
  const answer = await deskWith().request('/api/openapi.json');
  const { openapi, paths } = (await answer.json()) as { openapi: string; paths: Record<string, object> };
  assert.equal(openapi, '3.1.1');
  assert.ok(Object.keys(paths).length >= 11);
  assert.match(JSON.stringify(paths['/api/commands']), /"pattern":"\^\[\\\\w/);
});
