import { appendFile, copyFile, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as v from 'valibot';
import { type Fields, isFields } from '../../domain/fields.ts';
import { cardPath } from '../../edge/model/calibration/calibrated-model.ts';
import { loadModel } from '../../edge/model/formats/read-model.ts';
import { type Model, modelLabel } from '../../edge/model/model.ts';
import { checksumOf } from '../options/checksum.ts';
import { UsageError } from '../terminal/usage-error.ts';

const REPORT = v.object({
  v: v.literal(1),
  trial: v.object({
    champions: v.array(v.string()),
    challengers: v.array(v.string()),
    samples: v.number(),
    scoredMs: v.number(),
  }),
  data: v.record(v.string(), v.unknown()),
  policy: v.object({ champion: v.string(), challenger: v.string() }),
  evidence: v.object({
    truth: v.string(),
    faults: v.number(),
    champion: v.object({ detected: v.number(), false: v.number(), unjudged: v.number() }),
    challenger: v.object({ detected: v.number(), false: v.number(), unjudged: v.number() }),
  }),
  objections: v.array(v.string()),
});

type Report = v.InferOutput<typeof REPORT>;

/** What a promotion rests on. */
export type Promotion = Readonly<{
  champion: Model;
  challenger: Model;
  report: Report | null;
  reportSource: string | null;
  /** What speaks against it, a sentence each. */
  objections: readonly string[];
}>;

const opened = async (path: string): Promise<Model> => {
  const loaded = await loadModel(path);
  if (!loaded.ok) throw new UsageError(loaded.error.message);
  return loaded.model;
};

const readReport = async (path: string): Promise<Readonly<{ report: Report; source: string }>> => {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new UsageError(`${path} cannot be read: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  });
  const source = `${path} sha256:${checksumOf(bytes)}`;
  try {
    const parsed = v.safeParse(REPORT, JSON.parse(bytes.toString('utf8')));
    if (parsed.success) return { report: parsed.output, source };
  } catch {
    // What is no JSON is no report either.
  }
  throw new UsageError(`${path} is no report of sentinel challenge report --out`);
};

const isOf = (label: string | undefined, { version }: Model): boolean =>
  label?.endsWith(`@${version}`) ?? false;

/** A report on other models says nothing of these. */
const strangers = ({ trial }: Report, champion: Model, challenger: Model): readonly string[] => [
  ...(trial.challengers.length === 1 && isOf(trial.challengers[0], challenger)
    ? []
    : [`the report is on ${trial.challengers.join(' and ')}, and this is ${modelLabel(challenger)}`]),
  // A champion of before, in a part of the trial, would lend it what that told or missed.
  ...(trial.champions.length > 0 && trial.champions.every((label) => isOf(label, champion))
    ? []
    : [
        `the report holds it against ${trial.champions.join(' and ')}, and ${modelLabel(champion)} is in force: --from of sentinel challenge report takes the time since it is`,
      ]),
];

/** What there is to say of making one model the champion in the place of another, by a report on both (null: without one). */
export const weighPromotion = async (
  paths: Readonly<{ champion: string; challenger: string; report: string | null }>,
): Promise<Promotion> => {
  const champion = await opened(paths.champion);
  const challenger = await opened(paths.challenger);
  if (champion.version === challenger.version)
    throw new UsageError(`${modelLabel(challenger)} is the champion already: both files hold the same model`);
  if (paths.report === null) {
    const objections = ['there is no report: sentinel challenge report --out report.json writes one'];
    return { champion, challenger, report: null, reportSource: null, objections };
  }
  const { report, source } = await readReport(paths.report);
  const objections = [...strangers(report, champion, challenger), ...report.objections];
  return { champion, challenger, report, reportSource: source, objections };
};

const readCard = async (model: string): Promise<Fields> => {
  try {
    const card: unknown = JSON.parse(await readFile(cardPath(model), 'utf8'));
    return isFields(card) ? card : {};
  } catch {
    // A model that was trained elsewhere has no card: it gets one with where it comes from.
    return {};
  }
};

type Told = Readonly<{ at: string; forced: string | null }>;

/** What the card of a promoted model says of its promotion: the data, the policy and the report that it rests on. */
const promotionRecord = (
  { champion, challenger, report, reportSource, objections }: Promotion,
  { at, forced }: Told,
): Fields => ({
  at,
  model: modelLabel(challenger),
  inPlaceOf: modelLabel(champion),
  data: report?.data ?? null,
  policy: report?.policy.challenger ?? null,
  report: reportSource,
  evidence: report === null ? null : { scoredMs: report.trial.scoredMs, ...report.evidence },
  ...(forced === null ? {} : { forced: { reason: forced, against: objections } }),
});

/** The card of the challenger with the record of its promotion. */
export const promotedCard = async (challenger: string, promotion: Promotion, told: Told): Promise<string> => {
  const card = { ...(await readCard(challenger)), promotion: promotionRecord(promotion, told) };
  return `${JSON.stringify(card, null, 2)}\n`;
};

/**
 * Puts the challenger in the champion's place, where a gateway takes it up by itself. The champion is kept beside it under
 * its version, and a line in `promotions.jsonl` says what happened. Returns where the former champion lies.
 */
export const swapModels = async (
  paths: Readonly<{ champion: string; challenger: string }>,
  promotion: Promotion,
  told: Told,
): Promise<string> => {
  const { champion, challenger } = paths;
  const folder = dirname(champion);
  const former = join(folder, `former-${promotion.champion.version}-${basename(champion)}`);
  await copyFile(champion, former);
  await copyFile(cardPath(champion), cardPath(former)).catch(() => undefined);
  const incoming = join(folder, `.${basename(champion)}.incoming`);
  await copyFile(challenger, incoming);
  const card = await promotedCard(challenger, promotion, told);
  // The card first: a gateway that takes the model up reads its calibration there. By a rename, so that nobody reads half of it.
  await writeFile(cardPath(champion), card);
  await rename(incoming, champion);
  await appendFile(join(folder, 'promotions.jsonl'), `${JSON.stringify(promotionRecord(promotion, told))}\n`);
  return former;
};
