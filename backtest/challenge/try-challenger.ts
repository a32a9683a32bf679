import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { PolicyOutcome } from '../outcome-log.ts';
import { createPolicyRun } from '../policy-run.ts';
import type { Scorer } from '../recordings/packed-samples.ts';
import type { LabelledSample, RecordedMessage, Recording } from '../recordings/recording.ts';

/** On how many samples both models were on the same side of the threshold, and on how many one of them alone was above it. */
export type Agreement = Readonly<{ both: number; neither: number; champion: number; challenger: number }>;

/** What two models made of the same samples, each by a policy of its own. Times are ms. */
export type Trial = Readonly<{
  /** The labels of the models that scored, most samples first. */
  champions: readonly string[];
  challengers: readonly string[];
  /** Samples that both have scored, and those that are left out as one on trial has not. */
  samples: number;
  leftOut: number;
  /** Time scored by both, of all cylinders together. */
  scoredMs: number;
  /** From when to when both have scored samples of a cylinder. */
  scored: ReadonlyMap<string, Readonly<{ fromMs: number; toMs: number }>>;
  agreement: Agreement;
  champion: PolicyOutcome;
  challenger: PolicyOutcome;
}>;

type Options = Readonly<{
  policies: Readonly<{ champion: PolicyBook; challenger: PolicyBook }>;
  /** Scores in the place of what the gateway stored of the model on trial; null takes what is stored. */
  scorer: Scorer | null;
  /** Which of the models that were on trial is meant: a part of its label; null takes all of them. */
  wanted: string | null;
  onProgress: (samples: number) => void;
}>;

const byCount = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts].sort(([, a], [, b]) => b - a).map(([label]) => label);

const countIn = (counts: Map<string, number>, label: string): void => {
  counts.set(label, (counts.get(label) ?? 0) + 1);
};

/** Replays what is stored of a line through the alarm twice in one pass: by the champion's probabilities and by the challenger's. */
export const tryChallenger = async (
  recording: Pick<Recording, 'messages'>,
  options: Options,
): Promise<Trial> => {
  const { policies, scorer, wanted, onProgress } = options;
  const runs = {
    champion: createPolicyRun(policies.champion),
    challenger: createPolicyRun(policies.challenger),
  };
  const champions = new Map<string, number>();
  const challengers = new Map<string, number>();
  const counted = { both: 0, neither: 0, champion: 0, challenger: 0 };
  const scored = new Map<string, Readonly<{ fromMs: number; toMs: number }>>();
  let [samples, leftOut, scoredMs] = [0, 0, 0];

  const scoring = scorer?.start();
  const challengeOf = ({ cylinder, values, challenger }: LabelledSample) => {
    if (scorer !== null && scoring !== undefined)
      return { model: scorer.name, probability: scoring(values, cylinder) };
    return challenger === undefined || (wanted !== null && !challenger.model.includes(wanted))
      ? null
      : challenger;
  };
  const side = (sample: LabelledSample, tried: number): keyof Agreement => {
    const [one, other] = [
      sample.probability >= policies.champion.of(sample.cylinder).threshold,
      tried >= policies.challenger.of(sample.cylinder).threshold,
    ];
    if (one === other) return one ? 'both' : 'neither';
    return one ? 'champion' : 'challenger';
  };
  const take = (message: RecordedMessage): void => {
    const pairs = message.samples.flatMap((sample) => {
      const challenge = challengeOf(sample);
      return challenge === null ? [] : [{ sample, challenge }];
    });
    samples += pairs.length;
    leftOut += message.samples.length - pairs.length;
    for (const { sample, challenge } of pairs) {
      countIn(champions, sample.model ?? 'unnamed');
      countIn(challengers, challenge.model);
      counted[side(sample, challenge.probability)] += 1;
      const { fromMs, toMs } = scored.get(sample.cylinder) ?? { fromMs: sample.t, toMs: sample.t };
      if (sample.t < fromMs || sample.t >= toMs)
        scored.set(sample.cylinder, { fromMs: Math.min(fromMs, sample.t), toMs: Math.max(toMs, sample.t) });
      scoredMs += policies.champion.of(sample.cylinder).samplePeriodMs;
    }
    if (pairs.length === 0) return;
    runs.champion.receive({ ...message, samples: pairs.map(({ sample }) => sample) });
    runs.challenger.receive({
      ...message,
      samples: pairs.map(({ sample, challenge: { model, probability } }) => ({
        ...sample,
        model,
        probability,
        why: null,
      })),
    });
  };

  for await (const batch of recording.messages()) {
    for (const message of batch) take(message);
    onProgress(samples + leftOut);
  }
  return {
    champions: byCount(champions),
    challengers: byCount(challengers),
    samples,
    leftOut,
    scoredMs,
    scored,
    agreement: counted,
    champion: runs.champion.end(),
    challenger: runs.challenger.end(),
  };
};
