import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import { incidentRecord } from '../../fixture/incident-record.ts';
import { openTimestream, T } from './opened.ts';

const incident = incidentRecord({ id: `cyl-07@${T}`, beganAt: T - 5000, raisedAt: T });
const cleared: IncidentRecord = { ...incident, clearedAt: T + 60_000, endedBy: 'clearing' };

describe('incidents in Timestream', () => {
  test('what came out of order later does not undo what has happened since', async () => {
    const { telemetry, incidents } = await openTimestream();
    await telemetry.recordIncident(cleared);
    await telemetry.recordIncident(incident);
    assert.deepEqual(incidents(), [cleared]);
  });

  test('a reopened incident takes back that it was cleared', async () => {
    const { telemetry, incidents } = await openTimestream();
    const reopened = { ...incident, reopenings: 1 };
    for (const record of [incident, cleared, reopened]) await telemetry.recordIncident(record);
    assert.deepEqual(incidents(), [reopened]);
  });

  test('of two records of the same progress in the same millisecond, or by a slow clock, the last holds', async () => {
    let now = T;
    const { telemetry, incidents } = await openTimestream({ now: () => now });
    const acknowledged = { ...incident, acknowledgedBy: 'Kim' };
    const rising = { ...incident, severity: 'critical' };
    await telemetry.recordIncident(incident);
    await telemetry.recordIncident(acknowledged);
    assert.deepEqual(incidents(), [acknowledged]);
    now = T - 60_000;
    await telemetry.recordIncident(rising);
    assert.deepEqual(incidents(), [rising]);
  });

  test('one that the service refuses is an error that says what to do', async () => {
    const { service, telemetry } = await openTimestream();
    service.change({ memoryStoreFrom: T + 1 });
    await assert.rejects(telemetry.recordIncident(incident), /magnetic store writes enabled on incidents/);
  });
});
