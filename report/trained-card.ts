import * as v from 'valibot';
import { readModelCard } from '../domain/model/model-card.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const part = v.object({ rows: count, positives: count });
const figure = v.nullable(v.number());

/** What a report shows of a card that `sentinel train` wrote; what earlier versions did not write may be absent. */
const TRAINED_CARD = v.object({
  data: v.optional(
    v.array(v.object({ file: v.string(), sha256: v.string(), rows: count, positives: count })),
    [],
  ),
  settings: v.object({ threshold: v.number() }),
  split: v.string(),
  parts: v.object({ training: part, test: part }),
  folds: v.optional(v.nullable(count), null),
  roundsKept: count,
  depth: count,
  metrics: v.object({
    auc: figure,
    averagePrecision: figure,
    logLoss: figure,
    brier: figure,
    confusion: v.object({
      truePositive: count,
      falsePositive: count,
      falseNegative: count,
      trueNegative: count,
    }),
    calibration: v.array(
      v.object({ from: v.number(), rows: count, meanProbability: figure, abnormalShare: figure }),
    ),
  }),
  calibration: v.optional(v.nullable(v.object({ kind: v.string() })), null),
});

/** A trained model's card under the name of its file, with what its sound rows looked like where it says so. */
export type TrainedCard = Readonly<{ name: string }> &
  v.InferOutput<typeof TRAINED_CARD> &
  Extract<ReturnType<typeof readModelCard>, { ok: true }>['card'];

export type TrainedCardReading =
  | Readonly<{ ok: true; card: TrainedCard }>
  | Readonly<{ ok: false; message: string }>;

/** Reads a parsed `.card.json` as `sentinel train` writes it beside a model. */
export const readTrainedCard = (name: string, value: unknown): TrainedCardReading => {
  const known = readModelCard(value);
  if (!known.ok) return known;
  const result = v.safeParse(TRAINED_CARD, value);
  if (result.success) return { ok: true, card: { name, ...result.output, ...known.card } };
  const [issue] = result.issues;
  return {
    ok: false,
    message: `it is no model card: ${v.getDotPath(issue) ?? 'the card'}: ${issue.message}; sentinel train writes them as MODEL.card.json`,
  };
};
