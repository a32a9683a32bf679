import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fitReport, stateBytes } from '../../../aws/shadow/fit-report.ts';
import { isFields } from '../../../domain/fields.ts';

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
