import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forecastText, scoreForecasts } from '../../../backtest/forecast/score-forecasts.ts';
import type { Recording } from '../../../backtest/recordings/recording.ts';
import { DEFAULT_BOOK } from '../../../domain/alarm/policy/policy-book.ts';

const BEGIN_MS = Date.UTC(2026, 2, 9);
const SECONDS = 4 * 3600;

/** Four hours in which the share of abnormal seconds is as given; which seconds those are looks random and is always the same. */
const recordingOf = (shareAt: (minute: number) => number): Recording => {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state / 2 ** 32;
  };
  function* messages() {
    for (let second = 0; second < SECONDS; second += 1) {
      const t = BEGIN_MS + second * 1000;
      const probability = random() < shareAt(second / 60) ? 0.9 : 0.1;
      const sample = {
        cylinder: 'c',
        gateway: 'g',
        t,
        boot: null,
        seq: null,
        model: 'm@1',
        why: null,
        label: null,
      };
      yield [
        { gateway: 'g', receivedAt: t, samples: [{ ...sample, values: [1, 2, 3, 4, 5, 6], probability }] },
      ];
    }
  }
  return { file: 'f', samples: SECONDS, messages, close: () => undefined };
};

test('a slow decline is foretold well before, and most of what was foretold comes within its interval', async () => {
  const score = await scoreForecasts(
    recordingOf((minute) => 1 / (1 + Math.exp(4.5 - 0.03 * minute))),
    DEFAULT_BOOK,
  );
  assert.ok(score.made > 20, forecastText(score));
  assert.equal(score.made, score.within + score.sooner + score.later + score.undecided);
  assert.ok(score.within / (score.made - score.undecided) > 0.6, forecastText(score));
  assert.ok((score.medianLeadMs ?? 0) > 30 * 60_000, forecastText(score));
});

test('of a share that stays as it is hardly anything is foretold', async () => {
  const score = await scoreForecasts(
    recordingOf(() => 0.1),
    DEFAULT_BOOK,
  );
  assert.ok(score.made < 12, forecastText(score));
  assert.equal(score.within, 0);
});
