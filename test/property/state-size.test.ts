import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CylinderInput, foldCylinder } from '../../domain/alarm/fold-cylinder.ts';
import type { Policy } from '../../domain/alarm/policy/policy.ts';
import type { CylinderState } from '../../domain/alarm/state/state.ts';
import { SHORT_POLICY } from '../fixture/alarm-policy.ts';
import { at, samplesOf } from '../fixture/alarm-story.ts';
import { happenings, inputsOf } from '../fixture/arbitrary-inputs.ts';
import { policies } from '../fixture/arbitrary-policy.ts';
import { foldAll } from '../fixture/fold-all.ts';
import { RUNS } from '../fixture/property-runs.ts';

const LIMIT_BYTES = 4096;
const WIDE = { windowMs: 600_000, latenessMs: 30_000 };

const bytesOf = (state: CylinderState | null): number => Buffer.byteLength(JSON.stringify(state));

test('whatever arrives, the state of a window of 600 slots is stored in less than 4 KB', () => {
  fc.assert(
    fc.property(policies, happenings, (policy, happened) => {
      const wide = { ...policy, ...WIDE, minCoverage: 0, raiseRatio: 0.01, clearRatio: 0.005 };
      assert.ok(bytesOf(foldAll(inputsOf(happened), wide).state) < LIMIT_BYTES);
    }),
    RUNS,
  );
});

/** Every blip of a second is an incident, or a reopening where `reopenWithinMs` says so. */
const NERVOUS: Policy = {
  ...SHORT_POLICY,
  windowMs: 1000,
  minCoverage: 0,
  reopenWithinMs: 0,
  historicalAfterMs: 5000,
  levels: [{ severity: 'advisory', afterMs: 0, clearHoldMs: 0 }],
  maxShelveMs: 86_400_000,
};

/** As long as a name may be, and longer than what is kept of a text. */
const NAME = 'c'.repeat(128);
const GATEWAY = 'g'.repeat(128);
const TEXT = 'the rod seal leaks, a new one comes with the early shift. '.repeat(4);
const WHO = `${'ana.'.repeat(50)}bergstrom@example.com`;

test('so it is after the worst that can befall a cylinder', () => {
  let state = foldCylinder(NAME, null, { kind: 'tick', receivedAt: at(0) }, NERVOUS).state;
  let second = 0;
  const fold = (input: CylinderInput, policy: Policy) => {
    state = foldCylinder(NAME, state, input, policy).state;
  };
  const send = (pattern: string, policy: Policy, later: number) => {
    const samples = samplesOf(pattern, second);
    second += pattern.length;
    fold({ kind: 'samples', receivedAt: at(second + later), samples }, policy);
  };
  const order = (type: string, lasts: number, policy: Policy) => {
    const until = at(second + lasts);
    const command = { type, by: WHO, reason: TEXT, comment: TEXT, outcome: 'fault', mode: TEXT, until };
    fold({ kind: 'command', receivedAt: at(second), command }, policy);
  };
  const flapping = { ...NERVOUS, reopenWithinMs: 3_600_000, historicalAfterMs: 3_600_000 };
  const silentFlapping = { ...flapping, historicalAfterMs: 5000 };
  const wide = {
    ...silentFlapping,
    windowMs: 600_000,
    raiseRatio: 0.002,
    clearRatio: 0.001,
    latenessMs: 30_000,
  };

  // Told, flapping, closed: no longer the latest, and not yet told to be over.
  send('An'.repeat(40), flapping, 0);
  order('close', 0, flapping);
  // Many that nobody was told of, the last of which comes back again and again.
  send(`${'Ann'.repeat(30)}`, NERVOUS, 100_000);
  send('An'.repeat(40), silentFlapping, 100_000);
  send(`${'An'.repeat(300)}`, wide, 100_000);
  for (const type of ['ack', 'shelve', 'close']) order(type, 80_000, wide);

  const { incident, superseded, unnotified, window, pendingSteps, shelf } = state;
  assert.deepEqual(
    [incident?.raisedSlots.length, superseded !== null, unnotified?.newest.length],
    [12, true, 16],
  );
  assert.deepEqual([window.size, pendingSteps.length, shelf === null], [600, 30, false]);
  // Its link comes and goes besides, and what it says is not judged.
  const time = at(second);
  const worst: CylinderState = {
    ...state,
    maintenance: { until: time, by: WHO.slice(0, 120), reason: TEXT.slice(0, 120) },
    gateway: GATEWAY,
    offlineGateway: GATEWAY,
    liveness: {
      lastHeardAt: time,
      heardSince: time,
      offline: { lastHeardAt: time, flapping: true, heardAgainAt: time },
      offlineTimes: [time, time],
    },
    judging: {
      judgedAt: time,
      heardAnewAt: time,
      unjudged: { ahead: 99_999, late: 99_999, coverage: 99_999, 'warm-up': 99_999 },
      unwatched: { since: time, gateway: GATEWAY, cause: 'coverage' },
    },
  };
  assert.ok(bytesOf(worst) < LIMIT_BYTES, `${bytesOf(worst)} bytes`);
});
