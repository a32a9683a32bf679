import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type IncidentRecord, NO_MARKS } from '../../domain/incident/incident-record.ts';
import type { StoredSample, Telemetry } from '../../usecases/ports/telemetry.ts';
import { incidentRecord } from '../fixture/incident-record.ts';
import { identity, inOrder, sample } from '../fixture/stored-sample.ts';

/** A telemetry store, empty when opened, and ways to look into it past the port. */
export type TelemetryUnderTest = Readonly<{
  telemetry: Telemetry;
  samples(): Promise<readonly StoredSample[]>;
  incidents(): Promise<readonly IncidentRecord[]>;
  /** The same store, let go of and opened anew. */
  restart(): Promise<TelemetryUnderTest>;
  close(): Promise<void>;
}>;

/** `exactCounts`: whether the service tells repetitions from new samples. */
type Options = Readonly<{ exactCounts: boolean; runs?: number }>;

const incident = incidentRecord({
  id: 'cyl-07-1763800000000',
  beganAt: 1_763_800_000_000,
  raisedAt: 1_763_800_041_000,
});

const identities = fc.record({
  cylinder: fc.constantFrom('cyl-01', 'cyl-02'),
  boot: fc.constantFrom('01JD', '01JE', null),
  number: fc.nat(40),
});

const sampleOf = ({ cylinder, boot, number }: { cylinder: string; boot: string | null; number: number }) =>
  sample({ cylinder, boot, seq: boot === null ? null : number, t: 1_763_800_000_000 + number * 1000 });

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.array(identities, { maxLength: 60 }), { minLength: 1, maxLength: 3 }),
    },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  ),
  { maxLength: 8 },
);

const inFreshStore = async (
  open: () => Promise<TelemetryUnderTest>,
  use: (store: TelemetryUnderTest) => Promise<TelemetryUnderTest | undefined>,
): Promise<void> => {
  const store = await open();
  const last = await use(store);
  await (last ?? store).close();
};

/** What every telemetry store has to keep of its port. */
export const telemetryContract = (
  name: string,
  open: () => Promise<TelemetryUnderTest>,
  options: Options,
): void => {
  const fresh = (use: (store: TelemetryUnderTest) => Promise<TelemetryUnderTest | undefined>) => () =>
    inFreshStore(open, use);

  describe(`${name} keeps the contract of the telemetry store`, () => {
    test(
      'what is written is read back as it was, with nothing where a sensor did not answer',
      fresh(async ({ telemetry, samples }) => {
        const written = [
          sample(),
          sample({ seq: 42, values: [null, 0, -1.5, 1e-9, 41.000000000001, null], why: null, model: null }),
          sample({ boot: null, seq: null, t: 0, probability: 0 }),
          sample({
            cylinder: 'cyl:8_b',
            boot: 'ü ✓ a boot that is much longer than twelve bytes',
            probability: 1,
          }),
        ];
        assert.deepEqual(await telemetry.write(written), { stored: 4, repeated: 0, rejected: [] });
        assert.deepEqual(inOrder(await samples()), inOrder(written));
        return undefined;
      }),
    );

    test(
      'nothing to write is nothing written',
      fresh(async ({ telemetry, samples }) => {
        assert.deepEqual(await telemetry.write([]), { stored: 0, repeated: 0, rejected: [] });
        assert.deepEqual(await samples(), []);
        return undefined;
      }),
    );

    test(
      'samples of one time are apart by seq, of one seq by boot, and of one boot by cylinder',
      fresh(async ({ telemetry, samples }) => {
        const written = [
          sample(),
          sample({ seq: 42 }),
          sample({ boot: 'another' }),
          sample({ cylinder: 'cyl-08' }),
          sample({ boot: null, seq: null }),
        ];
        await telemetry.write(written);
        assert.equal((await samples()).length, written.length);
        return undefined;
      }),
    );

    test(
      'a few thousand samples in one call are stored, newest first and all',
      fresh(async ({ telemetry, samples }) => {
        const written = Array.from({ length: 4100 }, (_, index) =>
          sample({ seq: 4100 - index, t: 1_763_800_000_000 - index * 1000 }),
        );
        await telemetry.write(written);
        assert.deepEqual(inOrder(await samples()), inOrder(written));
        return undefined;
      }),
    );

    test('whatever is written, repeated, in whatever order and across restarts, each sample is stored once', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (course) => {
          let store = await open();
          const expected = new Map<string, StoredSample>();
          let counted = 0;
          for (const step of course) {
            if (step === 'restart') {
              store = await store.restart();
              continue;
            }
            const batches = step.map((batch) => batch.map(sampleOf));
            const outcomes = await Promise.all(batches.map((batch) => store.telemetry.write(batch)));
            for (const one of batches.flat()) expected.set(identity(one), one);
            for (const [index, { stored, repeated, rejected }] of outcomes.entries()) {
              assert.equal(stored + repeated + rejected.length, batches[index]?.length);
              counted += stored;
            }
            if (options.exactCounts) assert.equal(counted, expected.size);
          }
          assert.deepEqual(inOrder(await store.samples()), inOrder(expected.values()));
          await store.close();
        }),
        { numRuns: options.runs ?? 100 },
      );
    });

    test(
      'an incident is stored once, as it was recorded last',
      fresh(async (store) => {
        const other = { ...incident, id: 'cyl-08-1', cylinder: 'cyl-08', gateway: null };
        const ended: IncidentRecord = {
          ...incident,
          lastAbnormalAt: 1_763_800_240_000,
          clearedAt: 1_763_800_300_000,
          endedBy: 'clearing',
          severity: 'critical',
          reopenings: 2,
          acknowledgedBy: 'Kim',
          closedBy: 'Kim',
          outcome: 'fault',
          mode: 'bearing',
          comment: "it's “worn”\nreplaced",
          toldAt: 1_763_800_042_000,
          acknowledgedAt: 1_763_800_100_000,
          closedAt: 1_763_800_400_000,
          advice: 'bearing',
          why: [0.1, 4.25, 2, -0.5, 0, 1e-3],
          model: 'anomaly-detection@1.2.0',
          policy: '1f5k3w0q8z',
        };
        await store.telemetry.recordIncident(incident);
        await store.telemetry.recordIncident(other);
        await store.telemetry.recordIncident(ended);
        await store.telemetry.recordIncident({ ...ended, ...NO_MARKS });
        const again = await store.restart();
        const byId = [...(await again.incidents())].sort((a, b) => (a.id < b.id ? -1 : 1));
        assert.deepEqual(byId, [ended, other]);
        return again;
      }),
    );
  });
};
