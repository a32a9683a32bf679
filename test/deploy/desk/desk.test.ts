import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import * as schemas from '../../../desk/api/schemas.ts';
import { messagesOf } from '../stack/cylinder-message.ts';
import { deployStack } from '../stack/deployed-stack.ts';
import { motoStore } from '../stack/moto-store.ts';
import { openPlant, type Plant, secondsAgo } from '../stack/plant.ts';
import { askDesk, type DeskAnswer, signIn } from './ask-desk.ts';

const CYLINDER = 'press-desk';
const linked = v.object({ link: v.string() });
const link = v.object({ incident: v.object({ id: v.string() }), allowed: v.array(v.string()) });

const readAs = <S extends v.GenericSchema>({ status, text }: DeskAnswer, schema: S): v.InferOutput<S> => {
  assert.equal(status, 200, text);
  return v.parse(schema, JSON.parse(text));
};

describe('a stack with a desk', { timeout: 600_000 }, () => {
  let plant: Plant;
  let ask: ReturnType<typeof askDesk>;
  let token = '';
  let incident = '';

  before(async () => {
    const stack = await deployStack({
      ingest: 'direct',
      store: 'existing',
      canary: 'off',
      desk: 'on',
      telemetryDatabase: 'plant',
      telemetryTable: 'samples',
      incidentsTable: 'incidents',
      policy: 'test/deploy/stack/short-policy.json',
      site: 'hall-2',
    });
    plant = await openPlant(stack, motoStore(stack));
    ask = askDesk(stack);
    const pattern = `${'n'.repeat(10)}${'A'.repeat(10)}`;
    await plant.play(
      CYLINDER,
      messagesOf({ gateway: 'line-3', cylinder: CYLINDER, from: secondsAgo(40), pattern }),
    );
  });
  after(async () => {
    await plant?.close();
    await plant?.stack.stop();
  });

  const post = (path: string, fields: object, bearer?: string): Promise<DeskAnswer> =>
    ask(path, {
      method: 'POST',
      body: { by: 'kim', ...fields },
      ...(bearer === undefined ? {} : { bearer }),
    });

  test('a notice carries a link, which opens its incident and changes nothing', async () => {
    const [alert] = await plant.everything.of(CYLINDER, 1);
    const address = v.parse(linked, alert?.message).link;
    assert.ok(address.startsWith(`${plant.stack.output('DeskUrl')}/i/`), address);
    token = address.split('/i/')[1] ?? '';
    const page = await ask(`/i/${token}`);
    assert.equal(page.status, 200);
    assert.match(page.text, /<!doctype html>/);
    const opened = readAs(await ask(`/api/link/${token}`), link);
    incident = opened.incident.id;
    assert.ok(incident.startsWith(`${CYLINDER}@`));
    assert.deepEqual(opened.allowed, ['ack', 'shelve', 'close']);
  });

  test('nothing else is to be read without a token, with a forged one, or with headers of the desk itself', async () => {
    const caller = encodeURIComponent(JSON.stringify({ name: 'eve', groups: ['engineer'] }));
    for (const path of [
      '/api/fleet',
      `/api/cylinders/${CYLINDER}`,
      '/api/incidents',
      '/api/openapi.json',
      '/api/system',
    ])
      for (const asked of [{}, { bearer: 'a.b.c' }, { headers: { 'x-desk-caller': caller } }])
        assert.equal((await ask(path, asked)).status, 401, path);
    const forged = `${token.slice(0, -2)}${token.endsWith('AA') ? 'BB' : 'AA'}`;
    assert.equal((await ask(`/api/link/${forged}`)).status, 410);
    assert.equal(
      (await post('/api/commands', { cylinder: CYLINDER, type: 'ack', key: 'key-0001' })).status,
      401,
    );
  });

  test('who is in a group sees, and does what the group may', async () => {
    const [nobody, viewer, technician] = await Promise.all(
      [null, 'viewer', 'technician'].map((group) => signIn(plant.stack, `${group}@example.com`, group)),
    );
    assert.equal((await ask('/api/fleet', { bearer: nobody ?? '' })).status, 401);
    const { rows } = readAs(await ask('/api/fleet', { bearer: viewer ?? '' }), schemas.fleetAnswer);
    assert.equal(rows[0]?.incident, incident);
    const ack = { cylinder: CYLINDER, type: 'ack', incident, key: 'key-of-ack' };
    assert.equal((await post('/api/commands', ack, viewer)).status, 403);
    const maintenance = { ...ack, type: 'maintenance', reason: 'seal', until: Date.now() + 600_000 };
    assert.equal((await post('/api/commands', maintenance, technician)).status, 403);
    const done = await post('/api/commands', ack, technician);
    assert.deepEqual([done.status, done.text], [200, '{"result":"in-force"}']);
    const { incident: record, course } = readAs(
      await ask(`/api/incidents/${incident}`, { bearer: viewer ?? '' }),
      schemas.incidentAnswer,
    );
    assert.equal(record.acknowledgedBy, 'technician@example.com');
    assert.ok(course.some(({ kind, by }) => kind === 'acknowledged' && by === 'technician@example.com'));
    assert.ok(course.some(({ kind, channel }) => kind === 'notified' && channel === 'sns'));
  });

  test('samples come from Timestream, dead letters from their queue, and where to look for the rest is said', async () => {
    const bearer = await signIn(plant.stack, 'viewer-too@example.com', 'viewer');
    const { samples } = readAs(
      await ask(`/api/cylinders/${CYLINDER}/samples`, { bearer }),
      schemas.samplesAnswer,
    );
    assert.equal(samples.length, 20);
    assert.ok(samples.every(({ rVibration_Temp }) => typeof rVibration_Temp === 'number'));
    const { deadLetters, backlog, elsewhere } = readAs(
      await ask('/api/system', { bearer }),
      schemas.systemAnswer,
    );
    assert.deepEqual([deadLetters, backlog], [0, null]);
    assert.match(elsewhere?.backlog ?? '', /^cylinder-sentinel-\w+-notify-behind$/);
    assert.equal(elsewhere?.quarantine, `s3://${plant.stack.output('QuarantineBucketName')}/quarantine/`);
  });

  test('a link closes its incident, and ends with it', async () => {
    const close = { type: 'close', outcome: 'fault', mode: 'seal', key: 'key-of-close' };
    const done = await post(`/api/link/${token}/commands`, close);
    assert.deepEqual([done.status, done.text], [200, '{"result":"in-force"}']);
    assert.equal((await ask(`/api/link/${token}`)).status, 410);
  });

  test('the page is kept as it may be, trusts nobody else, and says where people sign in', async () => {
    const { headers, text } = await ask('/');
    assert.equal(headers['cache-control'], 'no-cache');
    assert.match(String(headers['strict-transport-security']), /max-age=\d{8}/);
    assert.match(
      String(headers['content-security-policy']),
      /^default-src 'none'; script-src 'self'; .* connect-src 'self' https:\/\/sentinel-\w+\.auth\./,
    );
    const [, script = ''] = /src="(\/assets\/[^"]+)"/.exec(text) ?? [];
    const asset = await ask(script, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(asset.headers['content-encoding'], 'gzip');
    assert.match(asset.text, /^import|const|var|function/);
    assert.equal(asset.headers['cache-control'], 'public, max-age=31536000, immutable');
    assert.match(String((await ask('/sign-in.js')).headers['content-type']), /^text\/javascript/);
    const { client } = readAs(
      await ask('/sign-in.json'),
      v.object({ address: v.string(), client: v.string() }),
    );
    assert.equal(client, plant.stack.output('DeskClientId'));
  });
});
