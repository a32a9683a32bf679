import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import * as v from 'valibot';
import * as schemas from '../../../desk/api/schemas.ts';
import type { Received } from '../../../domain/message/read-message.ts';
import { evaluateSamples } from '../../../usecases/evaluate-samples.ts';
import { START_MS } from '../../fixture/alarm-words.ts';
import { messageOf } from '../../fixture/received-message.ts';
import { asCommand, type DeskHome, json, linkTokenOf } from './desk-home.ts';
import { historyCases } from './history-cases.ts';

/** What every home of the desk does, whatever it stands on. `press` has an incident, `lift` is as it should be. */
export const deskContract = (home: string, open: () => Promise<DeskHome>): void => {
  describe(`the desk over ${home}`, () => {
    let desk: DeskHome;
    const take = (messages: readonly Received[]): Promise<void> => evaluateSamples(desk.ports)(messages);
    const get = (path: string, headers: Record<string, string> = {}) =>
      Promise.resolve(desk.app.request(path, { headers }));
    const post = (fields: object) => Promise.resolve(desk.app.request('/api/commands', asCommand(fields)));

    before(async () => {
      desk = await open();
      await take([
        messageOf('press', 'nnnnnAAAAAAAAAAAAAAAAAAAAAAAAA'),
        messageOf('lift', 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnn'),
      ]);
      desk.at(30);
    });
    after(() => desk.close());

    test('the fleet has a line for each cylinder, the worst first', async () => {
      const { rows, gateways, now } = await json(await get('/api/fleet'), schemas.fleetAnswer);
      assert.deepEqual(
        rows.map(({ cylinder, incident }) => [cylinder, incident?.split('@')[0] ?? null]),
        [
          ['press', 'press'],
          ['lift', null],
        ],
      );
      assert.equal(now, START_MS + 30_000);
      assert.deepEqual(
        gateways.map(({ name }) => name),
        ['g'],
      );
    });

    test('what has not changed is answered with its tag alone', async () => {
      const first = await get('/api/fleet');
      const again = await get('/api/fleet', { 'if-none-match': first.headers.get('etag') ?? '' });
      assert.equal(again.status, 304);
      assert.equal(await again.text(), '');
    });

    test('a cylinder has its twin, six sensors and its incidents', async () => {
      const { twin, sensors, incidents, row } = await json(
        await get('/api/cylinders/press'),
        schemas.cylinderAnswer,
      );
      assert.equal(twin.condition, 'ACTIVE');
      assert.equal(sensors.length, 6);
      assert.equal(sensors[0]?.value, 48);
      assert.equal(incidents.length, 1);
      assert.equal(row.cylinder, 'press');
    });

    for (const path of [
      '/api/cylinders/none',
      '/api/cylinders/none/history',
      '/api/cylinders/none/policy',
      '/api/incidents/none@1',
    ])
      test(`${path} is not there`, async () => {
        const answer = await get(path);
        assert.equal(answer.status, 404);
        v.parse(schemas.errorAnswer, await answer.json());
      });

    test('the policy in force is shown', async () => {
      const { policy, overrides } = await json(
        await get('/api/cylinders/press/policy'),
        schemas.policyAnswer,
      );
      assert.equal(policy.threshold, desk.ports.policies.default.threshold);
      assert.equal(overrides, null);
    });

    test('incidents are found by what they are', async () => {
      const found = async (query: string): Promise<number> =>
        (await json(await get(`/api/incidents?${query}`), schemas.incidentsAnswer)).incidents.length;
      assert.deepEqual(
        await Promise.all(
          [
            '',
            'open=true',
            'open=false',
            'cylinder=press',
            'cylinder=lift',
            'severity=none',
            'outcome=none',
            'outcome=fault',
          ].map(found),
        ),
        [1, 1, 0, 1, 0, 0, 1, 0],
      );
    });

    test('an incident has its course, and what may be done about it', async () => {
      const [{ id } = { id: '' }] = (await json(await get('/api/incidents'), schemas.incidentsAnswer))
        .incidents;
      const { course, allowed, row } = await json(await get(`/api/incidents/${id}`), schemas.incidentAnswer);
      assert.deepEqual(course.map(({ kind }) => kind).slice(0, 2), ['began', 'raised']);
      assert.deepEqual(allowed, ['ack', 'shelve', 'maintenance', 'close']);
      assert.equal(row?.incident, id);
    });

    test('a command of another incident is refused in the words of the twin', async () => {
      const answer = await post({
        cylinder: 'press',
        type: 'ack',
        incident: 'press@1',
        key: 'key-of-another',
      });
      assert.equal(answer.status, 409);
      const { result, words } = v.parse(
        v.object({ result: v.string(), words: v.string() }),
        await answer.json(),
      );
      assert.equal(result, 'refused');
      assert.match(words, /another incident/);
    });

    test('a command is in force when it is answered, and the same once more is so too', async () => {
      const [{ id } = { id: '' }] = (await json(await get('/api/incidents'), schemas.incidentsAnswer))
        .incidents;
      desk.at(31);
      for (const _ of ['once', 'again']) {
        const answer = await post({ cylinder: 'press', type: 'ack', incident: id });
        assert.deepEqual([answer.status, await answer.json()], [200, { result: 'in-force' }]);
      }
      const { rows } = await json(await get('/api/fleet'), schemas.fleetAnswer);
      assert.equal(rows[0]?.acknowledgedBy, 'kim');
      const { incidents } = await json(await get('/api/incidents'), schemas.incidentsAnswer);
      assert.equal(incidents[0]?.acknowledgedBy, 'kim');
    });

    const tokenOf = (incident: string) => linkTokenOf(desk, incident);
    const byLink = (token: string, fields: object) =>
      Promise.resolve(desk.app.request(`/api/link/${token}/commands`, asCommand(fields)));

    test('a link opens its incident, acts upon it, and ends with it', async () => {
      const [{ id } = { id: '' }] = (await json(await get('/api/incidents'), schemas.incidentsAnswer))
        .incidents;
      const token = await tokenOf(id);
      for (const _ of ['once', 'again']) {
        const { incident, allowed, expires } = await json(
          await get(`/api/link/${token}`),
          schemas.incidentAnswer,
        );
        assert.equal(incident.id, id);
        assert.ok(!allowed.includes('maintenance'));
        assert.ok((expires ?? 0) > START_MS);
      }
      assert.equal((await desk.app.request(`/api/link/${token}`, { method: 'HEAD' })).status, 200);
      desk.at(40);
      const maintenance = {
        type: 'maintenance',
        reason: 'seal',
        until: START_MS + 60_000,
        key: 'key-maintain',
      };
      assert.equal((await byLink(token, maintenance)).status, 403);
      const shelve = { type: 'shelve', reason: 'tea', until: START_MS + 60_000, key: 'key-to-shelve' };
      assert.deepEqual(await (await byLink(token, shelve)).json(), { result: 'in-force' });
      const close = { type: 'close', outcome: 'fault', mode: 'seal', key: 'key-to-close' };
      for (const _ of ['once', 'again'])
        assert.deepEqual(await (await byLink(token, close)).json(), { result: 'in-force' });
      assert.equal((await get(`/api/link/${token}`)).status, 410);
      assert.equal((await byLink(token, { type: 'ack', key: 'key-to-late-ack' })).status, 410);
      const { incident } = await json(await get(`/api/incidents/${id}`), schemas.incidentAnswer);
      assert.deepEqual([incident.closedBy, incident.outcome, incident.mode], ['kim', 'fault', 'seal']);
    });

    test('the course of an incident says what happened, when and by whom', async () => {
      const [{ id } = { id: '' }] = (await json(await get('/api/incidents'), schemas.incidentsAnswer))
        .incidents;
      const { course } = await json(await get(`/api/incidents/${id}`), schemas.incidentAnswer);
      const said = course.filter(({ kind }) => kind !== 'escalated');
      assert.deepEqual(
        said.map(({ kind, by }) => [kind, by]),
        [
          ['began', null],
          ['raised', null],
          ['acknowledged', 'kim'],
          ['shelved', 'kim'],
          ['closed', 'kim'],
        ],
      );
      assert.deepEqual(
        said.slice(2).map(({ at }) => at - START_MS),
        [31_000, 40_000, 40_000],
      );
    });

    historyCases(() => desk);

    test('a link that is none, or of an incident that is none, says nothing but what to do', async () => {
      for (const token of ['abc.def', await tokenOf('press@1'), await tokenOf('none@1')]) {
        const answer = await get(`/api/link/${token}`);
        const { error } = v.parse(schemas.errorAnswer, await answer.json());
        assert.ok(answer.status === 410 || answer.status === 429);
        assert.doesNotMatch(error.message, /press|signature|expired/);
      }
    });

    test('a command of a cylinder that there is not is not found', async () => {
      assert.equal((await post({ cylinder: 'none', type: 'ack' })).status, 404);
    });

    test('the pipeline says of itself how it is', async () => {
      const { version, user } = await json(await get('/api/system'), schemas.systemAnswer);
      assert.notEqual(version, '');
      assert.equal(user, null);
    });

    test('incidents go out as a table', async () => {
      const answer = await get('/api/incidents.csv');
      assert.match(answer.headers.get('content-type') ?? '', /^text\/csv/);
      assert.match(await answer.text(), /^incident,cylinder.*\r\npress@\d+,press,g,/);
    });
  });
};
