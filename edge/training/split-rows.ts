import type { LabelledRow } from './boost.ts';

/** The rows of one fit: what it learns from, and the later ones that choose its rounds and those that measure it. */
export type Parts<Rows> = Readonly<Record<'training' | 'stopping' | 'test', Rows>>;

type SplitFold = Readonly<Record<'training' | 'heldOut', readonly LabelledRow[]>>;

/**
 * How rows were divided. Folds are a cross-validation: each is tried by a model that was trained on the others, and the
 * model is that of all rows.
 */
export type Split = Readonly<
  | { kind: 'time' | 'episodes'; parts: Parts<readonly LabelledRow[]> }
  | { kind: 'recordings' | 'blocks'; folds: readonly SplitFold[] }
>;

export type SplitResult = Readonly<{ ok: true; split: Split } | { ok: false; message: string }>;

const TRAINING_SHARE = 0.6;
const HELD_OUT_SHARE = 0.2;
const FEWEST_OF_A_KIND = 5;
const FEWEST_UNITS = 3;
const MOST_FOLDS = 5;
const MOST_RECORDING_FOLDS = 6;
// Neighbouring seconds are nearly the same sample: what lies next to a held-out block would give its answers away.
const MOST_GAP_ROWS = 60;
const GAP_SHARE = 0.25;

/**
 * The strictest of the splits that the labels allow: by cylinder (by recording where rows name none, or cylinders may
 * stand on both sides), in order of time, by episode, in blocks.
 */
export const splitRows = (rows: readonly LabelledRow[], isCylinderShared = false): SplitResult => {
  const unitOf = ({ cylinder, recording }: LabelledRow): string | undefined =>
    isCylinderShared ? recording : (cylinder ?? recording);
  const units = [...Map.groupBy(rows, unitOf).values()];
  const folds = recordingFolds(units);
  if (folds !== null) return { ok: true, split: { kind: 'recordings', folds } };
  const inTime = units.length === 1 ? timeParts(rows) : null;
  if (inTime !== null) return { ok: true, split: { kind: 'time', parts: inTime } };
  const inOrder = units.flat();
  const byEpisode = episodeParts(inOrder);
  if (byEpisode !== null) return { ok: true, split: { kind: 'episodes', parts: byEpisode } };
  return blocks(inOrder);
};

/** Stretches of abnormal rows: the first and the one after the last, by place. */
const episodesOf = (rows: readonly LabelledRow[]): readonly Readonly<{ from: number; to: number }>[] => {
  const episodes: { from: number; to: number }[] = [];
  for (const [at, { label, recording, cylinder }] of rows.entries()) {
    if (label === 0) continue;
    const last = episodes.at(-1);
    const before = rows[at - 1];
    const isSame = before?.recording === recording && before?.cylinder === cylinder;
    if (last?.to === at && isSame) last.to = at + 1;
    else episodes.push({ from: at, to: at + 1 });
  }
  return episodes;
};

const countOf = (rows: readonly LabelledRow[], label: number): number =>
  rows.reduce((sum, row) => sum + Number(row.label === label), 0);

const isSound = (parts: Parts<readonly LabelledRow[]>): boolean =>
  Object.values(parts).every((part) => [0, 1].every((label) => countOf(part, label) >= FEWEST_OF_A_KIND));

const cut = (rows: readonly LabelledRow[], first: number, second: number) => ({
  training: rows.slice(0, first),
  stopping: rows.slice(first, second),
  test: rows.slice(second),
});

/** Where the stopping and the test part of so many recordings or episodes begin. */
const partStarts = (count: number): readonly [number, number] => {
  const heldOut = Math.max(1, Math.round(count * HELD_OUT_SHARE));
  return [count - 2 * heldOut, count - heldOut];
};

/** Whole recordings for each fold, those with abnormal rows dealt out first, then those without. */
const recordingFolds = (recordings: readonly (readonly LabelledRow[])[]): readonly SplitFold[] | null => {
  const abnormal = recordings.filter((recording) => countOf(recording, 1) > 0);
  if (abnormal.length < FEWEST_UNITS) return null;
  const dealt = [...abnormal, ...recordings.filter((recording) => !abnormal.includes(recording))];
  const count = Math.min(MOST_RECORDING_FOLDS, abnormal.length);
  const folds = Array.from({ length: count }, (_, fold) => ({
    training: dealt.filter((_, at) => at % count !== fold).flat(),
    heldOut: dealt.filter((_, at) => at % count === fold).flat(),
  }));
  const isEnough = folds.every(({ training }) =>
    [0, 1].every((label) => countOf(training, label) >= FEWEST_OF_A_KIND),
  );
  return isEnough ? folds : null;
};

/** The first 60 % of the rows, the next 20 % and the last, where each has an episode that none of the others has a part of. */
const timeParts = (rows: readonly LabelledRow[]): Parts<readonly LabelledRow[]> | null => {
  const first = Math.floor(rows.length * TRAINING_SHARE);
  const second = Math.floor(rows.length * (TRAINING_SHARE + HELD_OUT_SHARE));
  const parts = cut(rows, first, second);
  const episodes = episodesOf(rows);
  const isWhole = (from: number, to: number) =>
    episodes.some((episode) => episode.from >= from && episode.to <= to);
  if (!isWhole(0, first) || !isWhole(first, second) || !isWhole(second, rows.length)) return null;
  return isSound(parts) ? parts : null;
};

/** Whole episodes for each part, cut in the middle of the normal rows between two. */
const episodeParts = (rows: readonly LabelledRow[]): Parts<readonly LabelledRow[]> | null => {
  const episodes = episodesOf(rows);
  if (episodes.length < FEWEST_UNITS) return null;
  const before = (episode: number) =>
    Math.floor(((episodes[episode - 1]?.to ?? 0) + (episodes[episode]?.from ?? 0)) / 2);
  const [first, second] = partStarts(episodes.length);
  const parts = cut(rows, before(first), before(second));
  return isSound(parts) ? parts : null;
};

/** Each fold holds out one block of the normal and one of the abnormal rows, and leaves out those next to them. */
const blocks = (rows: readonly LabelledRow[]): SplitResult => {
  const places = [0, 1].map((label) => [...rows.keys()].filter((at) => rows[at]?.label === label));
  const fewest = Math.min(...places.map(({ length }) => length));
  const count = Math.min(MOST_FOLDS, Math.floor(fewest / FEWEST_OF_A_KIND));
  if (count < 2) {
    const abnormal = places[1]?.length ?? 0;
    // A run to failure is often labelled at the moment of the failure alone.
    const advice =
      abnormal < 2 * FEWEST_OF_A_KIND
        ? '; label the time in which the fault grew as abnormal too, by a file of intervals with begin and end: --labels faults.csv'
        : '';
    const message = `of the ${rows.length} rows, ${abnormal} are abnormal; there must be ${2 * FEWEST_OF_A_KIND} of each kind${advice}`;
    return { ok: false, message };
  }
  const folds = Array.from({ length: count }, (_, fold) => {
    const use = new Uint8Array(rows.length);
    for (const kind of places) {
      const from = Math.floor((fold * kind.length) / count);
      const to = Math.floor(((fold + 1) * kind.length) / count);
      const gap = Math.min(MOST_GAP_ROWS, Math.floor((to - from) * GAP_SHARE));
      for (const at of kind.slice(Math.max(0, from - gap), to + gap)) use[at] = 1;
      for (const at of kind.slice(from, to)) use[at] = 2;
    }
    return {
      training: rows.filter((_, at) => use[at] === 0),
      heldOut: rows.filter((_, at) => use[at] === 2),
    };
  });
  return { ok: true, split: { kind: 'blocks', folds } };
};

/** What the figures of a model are worth that was trained and measured by a split, in one sentence. */
export const SPLIT_WORTH: Readonly<Record<Split['kind'], string>> = {
  recordings:
    'Measured on whole recordings or cylinders, each by a model of the others: what to expect of others like them.',
  time: 'Measured on the last part of the same recording: what to expect of this machine in the days after, not of others.',
  episodes:
    'Measured on the last episodes of the same recording, cut between episodes: what to expect of this machine, not of others.',
  blocks:
    'Measured block by block within recordings whose episodes are too few to keep one for the test: it says how well this ' +
    'very fault is known again, and promises nothing for the next one or another machine. Record more episodes for that.',
};

/** How rows were divided, in words. */
export const SPLIT_NAMES: Readonly<Record<Split['kind'], string>> = {
  recordings: 'cross-validation by recording or cylinder',
  time: 'in order of time',
  episodes: 'by episode',
  blocks: 'blocked cross-validation',
};
