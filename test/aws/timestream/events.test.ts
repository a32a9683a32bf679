import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownEvents } from '../../analysis/known-events.ts';
import { openTimestream, seconds, T } from './opened.ts';
import { eventsIn } from './reading.ts';

const { events } = knownEvents(T, `cyl-01@${T}`);
const happened = events.filter(({ kind }) => kind !== 'quarantined');
const quarantined = events.filter(({ kind }) => kind === 'quarantined');

test('what happened is there once, however often it is handed on, with its reasons beside the samples', async () => {
  const { service, telemetry } = await openTimestream();
  for (const _ of [1, 2]) await telemetry.recordEvents(events);
  const incidents = eventsIn([...service.table('incidents').values()]);
  assert.equal(incidents.length, happened.length);
  assert.equal(eventsIn([...service.table('samples').values()]).length, 3);
});

test('a step that Timestream refuses is an error that says what to do, a reason of the quarantine is none', async () => {
  const { service, telemetry } = await openTimestream();
  service.change({ memoryStoreFrom: T + 10_000_000 });
  await assert.rejects(telemetry.recordEvents(happened), /magnetic store writes enabled on incidents/);
  await telemetry.recordEvents(quarantined);
});

test('a text that is too long for a record is cut, and nothing of the others is lost', async () => {
  const { service, telemetry } = await openTimestream();
  const [step] = events.filter((event) => event.kind === 'step' && event.event.kind === 'acknowledged');
  assert.ok(step?.kind === 'step');
  await telemetry.recordEvents([{ ...step, event: { ...step.event, text: '누'.repeat(3000) } }]);
  const [row] = eventsIn([...service.table('incidents').values()]);
  assert.equal(row?.cells.words?.length, 300);
  assert.equal(row.cells.given_by, 'Kim');
});

test('columns are named before the first samples, once, and again where that failed', async () => {
  const { service, telemetry, stored } = await openTimestream({ namesColumns: true });
  const named = () =>
    ['samples', 'incidents'].map(
      (table) =>
        [...service.table(table).values()].filter(({ MeasureName }) => MeasureName === 'columns').length,
    );
  service.change({ fault: (request) => (request < 2 ? { error: 'ThrottlingException' } : null) });
  await telemetry.write(seconds(2));
  assert.deepEqual(named(), [0, 0]);
  await telemetry.write(seconds(3));
  assert.deepEqual(named(), [1, 1]);
  const requests = service.requests.length;
  await telemetry.write(seconds(4));
  assert.equal(service.requests.length, requests + 1);
  assert.equal(stored().filter(({ cylinder }) => cylinder === 'cyl-07').length, 4);
});
