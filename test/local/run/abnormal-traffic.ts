import { SENSORS } from '../../../domain/message/sample.ts';
import type { Message } from './persistent-sender.ts';

const CYLINDERS = 4;
const SAMPLES_A_MESSAGE = 5;
/** Of each so many seconds a cylinder is abnormal for a while that differs from one time to the next. */
const PERIOD_S = 40;

/** Short windows, so that a few seconds raise and clear, and no rule that looks at the receiver's clock. */
export const TRAFFIC_POLICY = {
  latenessMs: 1000,
  windowMs: 5000,
  raiseRatio: 0.6,
  clearRatio: 0.4,
  minCoverage: 0.6,
  levels: [
    { severity: 'advisory', afterMs: 0, clearHoldMs: 2000 },
    { severity: 'warning', afterMs: 6000, clearHoldMs: 3000 },
    { severity: 'alarm', afterMs: 12_000, clearHoldMs: 4000 },
  ],
  notifyFrom: 'advisory',
  reopenWithinMs: 22_000,
  flapping: { reopenings: 3, withinMs: 100_000 },
  remind: {},
  staleAfterMs: 86_400_000,
  offlineAfterMs: 86_400_000,
  historicalAfterMs: 86_400_000,
};

const isAbnormal = (second: number): boolean =>
  second % PERIOD_S < 4 + ((Math.floor(second / PERIOD_S) * 7) % 20);

const values = Object.fromEntries(SENSORS.map((sensor, index) => [sensor, index + 1]));

/** Makes the messages of a few cylinders in turn: numbered samples, a second apart from `startMs` on, with episodes. */
export const abnormalTraffic = (startMs: number): (() => Message) => {
  let sent = 0;
  return () => {
    const cylinder = sent % CYLINDERS;
    const first = Math.floor(sent / CYLINDERS) * SAMPLES_A_MESSAGE;
    sent += 1;
    const samples = Array.from({ length: SAMPLES_A_MESSAGE }, (_, index) => {
      const seq = first + index;
      const probability = isAbnormal(seq + cylinder * 13) ? 0.9 : 0.1;
      return { t: startMs + seq * 1000, seq, ...values, probability };
    });
    return {
      topic: `greengrass/ml/inference/gw/cyl-${cylinder}`,
      payload: JSON.stringify({ v: 1, cylinder: `cyl-${cylinder}`, boot: 'b1', model: 'm@1', samples }),
    };
  };
};
