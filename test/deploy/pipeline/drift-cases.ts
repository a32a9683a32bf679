import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFields } from '../../../domain/fields.ts';
import { eventually } from '../stack/eventually.ts';
import type { Plant } from '../stack/plant.ts';
import { secondsAgo } from '../stack/plant.ts';

const MINUTES = 420;
/** Of the first minutes no temperature comes: at two hours 17 % are missing, at the end 4.8 %. */
const SILENT_MINUTES = 20;
const BATCH = 10;

/** Seven hours of one cylinder, a sample a minute, that lies as the card of the deploy has it but for one sensor. */
const messages = (cylinder: string, fromMs: number) =>
  Array.from({ length: MINUTES / BATCH }, (_, batch) => {
    const samples = Array.from({ length: BATCH }, (_unused, index) => {
      const minute = batch * BATCH + index;
      const step = (minute % 7) / 10;
      return {
        t: fromMs + minute * 60_000,
        seq: minute,
        ...(minute < SILENT_MINUTES ? {} : { rVibration_Temp: 48.2 + step }),
        rVibration_Z_RMS_Velocity: 2.3 + step,
        rVibration_X_RMS_Velocity: 1.9 + step,
        wRMSCurrent: 3.4 + step,
        wCurrentLoad: 41 + step,
        wEncoderVelocity: 1180 + step,
        probability: 0.02 + step / 10,
      };
    });
    const payload = JSON.stringify({ v: 1, cylinder, boot: 'drift', model: 'test@1', samples });
    return { topic: `greengrass/ml/inference/line-8/${cylinder}`, payload };
  });

/** Drift against the card that was deployed: operators are told once of it and once of its end, and technicians never. */
export const driftCases = (plant: () => Plant): void => {
  test('a sensor that is missing more often than in the card of the deploy is told to operators alone, and so is its end', async () => {
    const { operators, everything, twins, ledger } = plant();
    const cylinder = 'minutely-1';
    await plant().play(cylinder, messages(cylinder, secondsAgo(MINUTES * 60)));
    const told = await operators.of(cylinder, 2);
    assert.deepEqual(
      told.map(({ attributes }) => attributes.kind),
      ['DRIFTED', 'SETTLED'],
    );
    assert.match(
      JSON.stringify(told[0]?.message),
      /"found":\[\{"what":"rVibration_Temp","kind":"missing"\}\]/,
    );
    assert.deepEqual(await everything.of(cylinder, 0), []);
    const known = (await ledger.cylinders([cylinder])).get(cylinder)?.record.statistics?.drift;
    assert.deepEqual([known?.since, known?.found], [null, []]);
    // The twin is written at once with what operators are told.
    const drift = await eventually(
      async () => (await twins.reported(cylinder)).drift,
      (shown) => isFields(shown) && isFields(shown.psi),
    );
    assert.ok(isFields(drift) && isFields(drift.psi));
    assert.equal(Object.keys(drift.psi).length, 7);
  });
};
