import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { verdictOn } from '../../domain/cylinder/command-verdict.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';
import type { Twins } from '../../usecases/ports/twins.ts';

/** After all that a shadow under test says that it was set. */
const NOW_MS = 4_000_000_000_000;

type Fields = Readonly<Record<string, unknown>>;

/** Twins, none when opened, and ways to look at them and to desire something of them past the port. */
export type TwinsUnderTest = Readonly<{
  twins: Twins;
  /** What the twin reports, without `recordVersion`; null where there is no twin. */
  reported(cylinder: string): Promise<Fields | null>;
  desire(cylinder: string, desired: Fields): Promise<void>;
  desired(cylinder: string): Promise<Fields>;
  /** The same twins, let go of and opened anew. */
  restart(): Promise<TwinsUnderTest>;
  close(): Promise<void>;
}>;

type Options = Readonly<{ runs?: number }>;

export const twin = (fields: TwinReport = {}): TwinReport => ({
  condition: 'ACTIVE',
  severity: 'warning',
  since: 1_763_800_000_000,
  incident: { id: 'cyl-07@1', open: true, severity: 'warning', cleared: null, reopenings: 0 },
  quality: 'good',
  suppression: null,
  refused: null,
  model: 'anomaly-detection@1.2.0',
  lastSample: { t: 1_763_800_041_000, probability: 0.93, wRMSCurrent: 3.4, why: [0.1, 1.8, -0.1] },
  ...fields,
});

/** A state as a shadow keeps it: what says null is not there. */
const said = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(
        Object.entries(value)
          .filter(([, part]) => part !== null)
          .map(([key, part]) => [key, said(part)]),
      )
    : value;

/** One of the reports that could be made of a record: each version has one content for good. */
const reportAt = (version: number): TwinReport =>
  version % 3 === 0
    ? { condition: 'NORMAL', health: version, suppression: { kind: 'shelved', until: version } }
    : twin({ missingSamples: version, ...(version % 2 === 0 ? { [`only${version}`]: [version] } : {}) });

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 4 }) },
    { weight: 2, arbitrary: fc.constant('desire' as const) },
    { weight: 1, arbitrary: fc.constant('restart' as const) },
  ),
  { minLength: 1, maxLength: 10 },
);

/** What every keeper of twins has to keep of its port. */
export const twinsContract = (
  name: string,
  open: () => Promise<TwinsUnderTest>,
  options: Options = {},
): void => {
  const fresh = (use: (under: TwinsUnderTest) => Promise<void>) => async () => {
    const under = await open();
    await use(under);
    await under.close();
  };

  describe(`${name} keeps the contract of the twins`, () => {
    test(
      'a twin says what was reported, without what was null, and each cylinder its own',
      fresh(async ({ twins, reported }) => {
        const other = { condition: 'NORMAL' };
        await twins.report('cyl-07', twin(), 3);
        await twins.report('cyl:8_b-C', other, 1);
        assert.deepEqual(await reported('cyl-07'), said(twin()));
        assert.deepEqual(await reported('cyl:8_b-C'), other);
        assert.equal(await reported('cyl-09'), null);
      }),
    );

    test(
      'what a later report no longer says is gone, at any depth',
      fresh(async ({ twins, reported }) => {
        await twins.report('cyl-07', twin(), 3);
        const later = {
          condition: 'NORMAL',
          incident: { id: 'cyl-07@1', open: false },
          lastSample: { t: 1 },
        };
        await twins.report('cyl-07', later, 4);
        assert.deepEqual(await reported('cyl-07'), later);
      }),
    );

    test(
      'a report of an older record is left out, also after a restart',
      fresh(async ({ twins, reported, restart }) => {
        await twins.report('cyl-07', twin(), 9);
        await twins.report('cyl-07', twin({ condition: 'NORMAL' }), 8);
        const again = await restart();
        await again.twins.report('cyl-07', twin({ condition: 'NORMAL' }), 7);
        assert.deepEqual(await reported('cyl-07'), said(twin()));
      }),
    );

    const answered = (kind: string, asked: object, at = NOW_MS) =>
      said(verdictOn({ ...asked, type: kind }, at, { result: 'in-force', incident: null }));

    test(
      'the commands that a report answers are no longer desired, and all else is: the policy, what came meanwhile',
      fresh(async ({ twins, reported, desire, desired, restart }) => {
        const ack = { by: 'ana', comment: 'on my way', id: 'a-1' };
        const policy = { threshold: 0.7 };
        await desire('cyl-07', { ack, close: { by: 'ana', outcome: 'sensor', id: 'c-1' }, policy });
        await twins.report('cyl-07', twin({ lastCommands: [answered('ack', ack)] }), 3);
        const close = { by: 'ana', outcome: 'sensor', id: 'c-1' };
        assert.deepEqual(await desired('cyl-07'), { close, policy });
        await desire('cyl-07', { close: { id: 'c-2' } });
        const lastCommands = [answered('close', close), answered('ack', ack)];
        await twins.report('cyl-07', twin({ lastCommands }), 4);
        assert.deepEqual((await desired('cyl-07')).close, { ...close, id: 'c-2' });
        const again = await restart();
        const both = [answered('close', { id: 'c-2' }), ...lastCommands];
        await again.twins.report('cyl-07', twin({ lastCommands: both }), 5);
        assert.deepEqual(await desired('cyl-07'), { policy });
        assert.deepEqual((await reported('cyl-07'))?.lastCommands, both);
      }),
    );

    test(
      'a command that is desired once more is no longer desired once that is answered',
      fresh(async ({ twins, desire, desired }) => {
        const ack = { by: 'ana', id: 'a-1' };
        await desire('cyl-07', { ack });
        await twins.report('cyl-07', twin({ lastCommands: [answered('ack', ack)] }), 3);
        await desire('cyl-07', { ack });
        await twins.report('cyl-07', twin({ lastCommands: [answered('ack', ack, NOW_MS + 1)] }), 4);
        assert.deepEqual(await desired('cyl-07'), {});
      }),
    );

    test('in any order, at once, repeated, across restarts and desires, the newest report is what stands', async () => {
      await fc.assert(
        fc.asyncProperty(steps, async (course) => {
          let under = await open();
          let newest = 0;
          let desires = 0;
          for (const step of course) {
            if (step === 'restart') under = await under.restart();
            else if (step === 'desire') {
              desires += 1;
              await under.desire('cyl-07', { ack: { by: 'ana', id: `${desires}` } });
            } else {
              newest = Math.max(newest, ...step);
              const { twins } = under;
              await Promise.all(step.map((version) => twins.report('cyl-07', reportAt(version), version)));
            }
            if (newest > 0) assert.deepEqual(await under.reported('cyl-07'), said(reportAt(newest)));
          }
          if (desires > 0) {
            assert.deepEqual(await under.desired('cyl-07'), { ack: { by: 'ana', id: `${desires}` } });
          }
          await under.close();
        }),
        { numRuns: options.runs ?? 50 },
      );
    });
  });
};
