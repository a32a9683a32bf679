import type { KeptRecording } from '../../../backtest/tune/try-policy.ts';
import { tune } from '../../../backtest/tune/tune.ts';
import { DEFAULT_POLICY } from '../../../domain/alarm/policy/policy.ts';
import { readPolicyBook } from '../../../domain/alarm/policy/policy-book.ts';
import { DEFAULT_TRAINING, trainModel } from '../../../edge/training/train-model.ts';
import type { Bench, Figure } from '../figure.ts';

const RECORDINGS = 40;
const SECONDS = 1200;
const FAULT_FROM = 600;
const FAULT_TO = 1000;
/** The aim is stated for so many policies. */
const POLICIES = 500;

/** Twenty minutes at one sample a second with a fault in the middle, scores and values that waver by a fixed pattern. */
const recordingOf = (number: number): KeptRecording => {
  const cylinder = `cyl-${number}`;
  return {
    name: cylinder,
    messages: Array.from({ length: SECONDS }, (_, second) => {
      const t = Date.UTC(2026, 0, 5) + second * 1000;
      const label = second >= FAULT_FROM && second < FAULT_TO;
      const noise = ((second * 7919 + number * 104_729) % 1000) / 1000;
      const probability = label ? 0.3 + 0.7 * noise : 0.6 * noise;
      const values = [
        46 + number / 10,
        2 + noise / 5,
        1.8,
        3.2 + noise,
        40,
        label ? 1100 + 100 * noise : 1180,
      ];
      const sample = {
        cylinder,
        gateway: 'bench',
        t,
        boot: null,
        seq: null,
        model: null,
        values,
        probability,
        why: null,
      };
      return { gateway: 'bench', receivedAt: t, samples: [{ ...sample, label }] };
    }),
  };
};

const cpuSeconds = async (work: () => unknown): Promise<number> => {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
};

async function* run(): AsyncGenerator<Figure | string> {
  const recordings = Array.from({ length: RECORDINGS }, (_, number) => recordingOf(number));
  const reading = readPolicyBook({ default: {} });
  if (!reading.ok) throw new Error('the default policy is none');
  let tried = 0;
  const seconds = await cpuSeconds(async () => {
    const { candidates } = await tune(recordings, {
      present: { policy: DEFAULT_POLICY, fields: {}, book: reading.book },
      limits: { maxFalsePerDay: 1, maxDelayMs: null },
      earlyMs: 90_000,
      onProgress: () => undefined,
    });
    tried = candidates;
  });
  yield `${RECORDINGS} recordings of ${SECONDS} samples; seconds of processor time`;
  yield { what: `tune, ${tried} policies`, value: seconds, unit: 's' };
  yield {
    what: `tune, for ${POLICIES} policies`,
    value: (seconds * POLICIES) / tried,
    unit: 's',
    atMost: 60,
  };
  const rows = recordings.flatMap(({ name, messages }) =>
    Array.from(messages).flatMap(({ samples }) =>
      samples.map(({ values, label }) => ({ values, label: Number(label), recording: name })),
    ),
  );
  yield {
    what: `train, ${rows.length} rows, ${DEFAULT_TRAINING.rounds} rounds, seven models`,
    value: await cpuSeconds(() => trainModel(rows, DEFAULT_TRAINING)),
    unit: 's',
  };
}

/** The search of a policy over forty recordings, and a training on them. */
export const tuneBench: Bench = {
  name: 'tune',
  summary: 'a policy searched over forty recordings, and a model trained on them',
  run,
};
