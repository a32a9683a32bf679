import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import {
  GetThingShadowCommand,
  IoTDataPlaneClient,
  UpdateThingShadowCommand,
} from '@aws-sdk/client-iot-data-plane';
import fc from 'fast-check';
import { createShadowTwins, fitReport, stateBytes } from '../../../aws/shadow/twins.ts';
import { isFields } from '../../../domain/fields.ts';
import { twin, twinsContract } from '../../contract/twins-contract.ts';
import { clientSettings } from '../start-server.ts';
import { startShadowServer } from './server.ts';
import { shadowsUnderTest } from './under-test.ts';

const contractServer = await startShadowServer();
after(() => contractServer.close());
let opened = 0;

twinsContract('named shadows', () => {
  opened += 1;
  return Promise.resolve(
    shadowsUnderTest(() => new IoTDataPlaneClient(clientSettings(contractServer.endpoint)), `twin-${opened}`),
  );
});

const start = async () => {
  const server = await startShadowServer();
  const client = new IoTDataPlaneClient(clientSettings(server.endpoint));
  const shadow = async (thingName = 'c') => {
    const { payload } = await client.send(new GetThingShadowCommand({ thingName, shadowName: 'twin' }));
    return JSON.parse(new TextDecoder().decode(payload));
  };
  const desire = (desired: object) =>
    client.send(
      new UpdateThingShadowCommand({
        thingName: 'c',
        shadowName: 'twin',
        payload: Buffer.from(JSON.stringify({ state: { desired } })),
      }),
    );
  return {
    ...server,
    client,
    shadow,
    desire,
    twins: (remembered = 2000) => createShadowTwins({ client, shadowName: 'twin', remembered }),
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server.close();
    },
  };
};

const summary = (asked: readonly Readonly<{ method: string }>[]) =>
  asked.map(({ method }) => method).join(' ');

describe('the twins as named shadows', () => {
  test('a warm instance writes only what changed, over the version it saw, and reads nothing', async () => {
    await using at = await start();
    const twins = at.twins();
    await twins.report('c', twin(), 1);
    at.asked.length = 0;
    await twins.report('c', twin({ severity: 'critical', refused: null }), 2);
    assert.deepEqual(at.asked, [
      {
        method: 'POST',
        thing: 'c',
        update: { state: { reported: { severity: 'critical', recordVersion: 2 } }, version: 2 },
      },
    ]);
  });

  test('the same report again is not written, warm or cold', async () => {
    await using at = await start();
    const twins = at.twins();
    await twins.report('c', twin(), 1);
    at.asked.length = 0;
    await twins.report('c', twin(), 1);
    await at.twins().report('c', twin(), 1);
    assert.equal(summary(at.asked), 'GET');
  });

  test('a conflict is read anew and written once more; what a person desires stays as it is', async () => {
    await using at = await start();
    const twins = at.twins();
    await twins.report('c', twin(), 1);
    await at.desire({ ack: { by: 'ana' } });
    at.asked.length = 0;
    await twins.report('c', twin({ condition: 'NORMAL' }), 2);
    assert.equal(summary(at.asked), 'POST GET POST');
    const { state } = await at.shadow();
    assert.deepEqual([state.desired, state.reported.condition], [{ ack: { by: 'ana' } }, 'NORMAL']);
  });

  test('conflicts without end are an error and not a loop', async () => {
    await using at = await start();
    await at.twins().report('c', twin(), 1);
    at.control.instead = ({ method }) => (method === 'POST' ? { status: 409, message: 'no' } : null);
    await assert.rejects(at.twins().report('c', twin(), 2), /the twin of c was written by others 8 times/);
  });

  test('at most so many shadows are kept in mind, those used last', async () => {
    await using at = await start();
    const twins = at.twins(2);
    for (const name of ['a', 'b', 'a', 'c']) await twins.report(name, twin(), 1);
    at.asked.length = 0;
    for (const name of ['a', 'c', 'b']) await twins.report(name, twin(), 2);
    assert.deepEqual(
      at.asked.map(({ method, thing }) => `${method} ${thing}`),
      ['POST a', 'POST c', 'GET b', 'POST b'],
    );
  });

  for (const [status, code, name] of [
    [429, 'throttled', 'ThrottlingException'],
    [503, 'retry', 'ServiceUnavailableException'],
  ] as const) {
    for (const failing of ['GET', 'POST']) {
      test(`a ${failing} that is answered ${status} rejects with its cause, and the next report succeeds`, async () => {
        await using at = await start();
        await at.twins().report('c', twin(), 1);
        const twins = at.twins();
        at.control.instead = ({ method }) => (method === failing ? { status, message: 'later' } : null);
        await assert.rejects(twins.report('c', twin({ condition: 'NORMAL' }), 2), (error: unknown) => {
          assert.ok(error instanceof Error && error.cause instanceof Error && 'code' in error);
          assert.deepEqual([error.code, error.cause.name], [code, name]);
          return true;
        });
        at.control.instead = () => null;
        await twins.report('c', twin({ condition: 'NORMAL' }), 2);
        assert.equal((await at.shadow()).state.reported.condition, 'NORMAL');
      });
    }
  }

  test('a service that counts more than we do gets less', async () => {
    await using at = await start();
    at.control.instead = ({ update }) =>
      JSON.stringify(update ?? '').includes('"why":') ? { status: 413, message: 'too large' } : null;
    await at
      .twins()
      .report('c', twin({ lastSample: { probability: 0.93, why: new Array(6).fill(0.123456) } }), 1);
    const { reported } = (await at.shadow()).state;
    assert.deepEqual([reported.leftOut, reported.lastSample.probability], [['lastSample.why'], 0.93]);
  });

  test('where so much is desired that little is left, the condition and the incident are still told', async () => {
    await using at = await start();
    await at.desire({ policy: { note: 'x'.repeat(7300) } });
    await at.twins().report('c', twin({ policy: { note: 'x'.repeat(7300) } }), 1);
    const { reported } = (await at.shadow()).state;
    assert.equal(reported.condition, 'ACTIVE');
    assert.equal(reported.incident.id, 'cyl-07@1');
    assert.ok(reported.leftOut.includes('policy'));
  });

  test('where there is no room at all, the error says what to do', async () => {
    await using at = await start();
    await at.desire({ policy: { note: 'x'.repeat(8100) } });
    await assert.rejects(
      at.twins().report('c', twin(), 1),
      /no room for its report: 81\d\d bytes are desired/,
    );
  });
});

const text = fc.string({ unit: 'binary', maxLength: 400 });

const reports = fc.record({
  recordVersion: fc.nat(),
  condition: fc.constantFrom('NORMAL', 'ACTIVE', 'CLEARING'),
  incident: fc.record({ id: fc.constant('cyl-07@1763800000000'), open: fc.boolean(), mode: text }),
  quality: fc.constant('good'),
  suppression: fc.record({ kind: fc.constant('shelved'), reason: text, by: text }),
  refused: fc.record({ id: fc.uuid(), words: text }),
  ack: fc.record({ id: fc.uuid(), by: fc.constant('ana'), comment: text }),
  policy: fc.dictionary(fc.string({ maxLength: 8 }), text),
  lastSample: fc.record({ t: fc.nat(), why: fc.array(fc.double(), { maxLength: 6 }) }),
  health: fc.double({ min: 0, max: 100 }),
});

test('a report fits the room it gets, and keeps the condition and the incident whatever goes', () => {
  fc.assert(
    fc.property(reports, fc.integer({ min: 400, max: 4000 }), (report, room) => {
      const fitting = fitReport(report, room);
      assert.ok(fitting !== null && stateBytes(fitting) <= room);
      assert.deepEqual(
        [fitting.recordVersion, fitting.condition, isFields(fitting.incident) && fitting.incident.id],
        [report.recordVersion, report.condition, report.incident.id],
      );
      assert.equal('leftOut' in fitting, stateBytes(report) > room);
    }),
  );
});

test('what matters least goes first, and a command that is waited for keeps its name', () => {
  const report = {
    condition: 'ACTIVE',
    incident: { id: 'i' },
    ack: { id: 'a-1', by: 'ana', comment: 'c'.repeat(300) },
    policy: { note: 'p'.repeat(300) },
    lastSample: { t: 1, why: 'w'.repeat(300) },
  };
  const full = stateBytes(report);
  const leftOutOf = (room: number) => fitReport(report, room)?.leftOut;
  assert.equal(leftOutOf(full), undefined);
  assert.deepEqual(leftOutOf(full - 1), ['lastSample.why']);
  assert.deepEqual(leftOutOf(full - 400), ['lastSample.why', 'comments']);
  assert.deepEqual(leftOutOf(full - 700), ['lastSample.why', 'comments', 'policy']);
  assert.deepEqual(fitReport(report, full - 700), {
    condition: 'ACTIVE',
    incident: { id: 'i' },
    ack: { id: 'a-1', by: 'ana' },
    lastSample: { t: 1 },
    leftOut: ['lastSample.why', 'comments', 'policy'],
  });
  assert.equal(fitReport(report, 20), null);
});
