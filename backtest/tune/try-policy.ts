import { setImmediate } from 'node:timers/promises';
import { createPlant, sweepPlant, takeMessage } from '../../domain/alarm/plant.ts';
import type { Policy } from '../../domain/alarm/policy/policy.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import { scoresInOrder } from '../../edge/model/deviation.ts';
import type { LabelledRow } from '../../edge/training/boost.ts';
import { probabilityBy, type TrainingSettings, trainModel } from '../../edge/training/train-model.ts';
import {
  createIncidentLog,
  createLabelledTime,
  type IncidentCourse,
  type LabelledTime,
} from '../evaluation/detection.ts';
import type { Judgement } from '../evaluation/score-card.ts';
import { judgeOutcome, notifiedFromMs } from '../outcome-log.ts';
import { ticksBefore } from '../policy-run.ts';
import { rescored } from '../recordings/open-recording.ts';
import type { PackedMessages } from '../recordings/packed-samples.ts';
import type { RecordedMessage } from '../recordings/recording.ts';
import { foldsOf } from './choose-policy.ts';

/** A recording scored once and kept, to be folded under many policies. */
export type KeptRecording = Readonly<{ name: string; messages: readonly RecordedMessage[] | PackedMessages }>;

/** A policy on one recording, held against its labels. */
export type Trial = (book: PolicyBook) => Judgement;

const incidentsUnder = (
  messages: Iterable<RecordedMessage>,
  policyOf: (cylinder: string | null) => Policy,
): readonly IncidentCourse[] => {
  const plant = createPlant();
  const log = createIncidentLog();
  const take = (outputs: readonly AlarmOutput[]): void => {
    for (const output of outputs) log.add(output);
  };
  let lastTickMs: number | null = null;
  let lastMs = 0;
  for (const message of messages) {
    const { receivedAt } = message;
    lastTickMs ??= receivedAt;
    for (const tickMs of ticksBefore(lastTickMs, receivedAt)) {
      take(sweepPlant(plant, tickMs, policyOf));
      lastTickMs = tickMs;
    }
    take(takeMessage(plant, { ...message, rejections: [] }, receivedAt, policyOf));
    lastMs = Math.max(lastMs, receivedAt);
  }
  const staleMs = [...plant.cylinders.keys()].map((cylinder) => policyOf(cylinder).staleAfterMs);
  take(sweepPlant(plant, lastMs + Math.max(0, ...staleMs), policyOf));
  return log.all();
};

/**
 * An incident that was raised in sound time and told only when a fault was near or had begun, by the length of the
 * wait: it is judged from its raise on, and so is false. A search would otherwise choose the wait that fits where in the
 * recordings the faults begin.
 */
const judgedFromRaise = (
  incident: IncidentCourse,
  { policy, labels }: Readonly<{ policy: Policy; labels: LabelledTime }>,
  earlyMs: number,
): IncidentCourse => {
  const fromMs = notifiedFromMs(incident, policy);
  if (fromMs === null) return incident;
  const raisedMs = incident.stretches.findLast(({ raisedMs: at }) => at <= fromMs)?.raisedMs ?? fromMs;
  const episode = labels.episodes.find(
    ({ beginMs, endMs }) => fromMs >= beginMs - earlyMs && fromMs <= endMs + policy.windowMs,
  );
  if (episode === undefined || raisedMs >= episode.beginMs - earlyMs) return incident;
  const severities = incident.severities.map((reached) => ({
    ...reached,
    atMs: Math.min(reached.atMs, raisedMs),
  }));
  return { ...incident, severities };
};

/**
 * Prepares a recording for trials: the same fold, sweeps and judgement as a backtest's, without notices and charts.
 * What its labels say depends on a policy's slot and window alone, and is worked out once for each of those.
 */
export const createTrial = ({ messages }: KeptRecording, earlyMs: number): Trial => {
  const names = new Set(
    Iterator.from(messages).flatMap(({ samples }) => samples.map(({ cylinder }) => cylinder)),
  );
  const known = new Map<string, LabelledTime>();
  const keyOf = (cylinder: string, { samplePeriodMs, windowMs }: Policy) =>
    `${samplePeriodMs} ${windowMs} ${cylinder}`;
  const readLabels = (book: PolicyBook): void => {
    const wanted = new Map(
      [...names].flatMap((cylinder) => {
        const { samplePeriodMs, windowMs } = book.of(cylinder);
        const isKnown = known.has(keyOf(cylinder, book.of(cylinder)));
        return isKnown
          ? []
          : [[cylinder, createLabelledTime({ cylinder, samplePeriodMs, graceMs: windowMs })]];
      }),
    );
    if (wanted.size === 0) return;
    for (const { samples } of messages)
      for (const { cylinder, t, label } of samples) wanted.get(cylinder)?.add(t, label);
    for (const [cylinder, labels] of wanted) known.set(keyOf(cylinder, book.of(cylinder)), labels.read());
  };
  return (book) => {
    const policyOf = (cylinder: string | null): Policy =>
      cylinder === null ? book.default : book.of(cylinder);
    readLabels(book);
    const cylinders = new Map(
      [...names].flatMap((name) => {
        const policy = book.of(name);
        const labels = known.get(keyOf(name, policy));
        return labels === undefined ? [] : [[name, { policy, labels }] as const];
      }),
    );
    const incidents = incidentsUnder(messages, policyOf).map((incident) => {
      const its = cylinders.get(incident.cylinder);
      return its === undefined ? incident : judgedFromRaise(incident, its, earlyMs);
    });
    return judgeOutcome({ incidents, cylinders }, earlyMs);
  };
};

const rowsOf = ({ name, messages }: KeptRecording): readonly LabelledRow[] =>
  Array.from(messages, ({ samples }) =>
    samples.flatMap(({ values, label }) =>
      label === null ? [] : [{ values, label: Number(label), recording: name }],
    ),
  ).flat();

/**
 * Scores each recording by a model that was trained without it, on the groups that the cross-validation of the policy
 * holds out too. Fails where the others have too few rows of a kind.
 */
export const crossTrain = async (
  recordings: readonly KeptRecording[],
  settings: TrainingSettings,
  onProgress: (text: string) => void,
): Promise<
  Readonly<{ ok: true; recordings: readonly KeptRecording[] }> | Readonly<{ ok: false; message: string }>
> => {
  const rows = recordings.map(rowsOf);
  const result = [...recordings];
  for (const heldOut of foldsOf(recordings.length)) {
    onProgress(`training without ${heldOut.map((place) => recordings[place]?.name).join(', ')}`);
    const others = rows.flatMap((its, place) => (heldOut.includes(place) ? [] : its));
    const trained = trainModel(others, settings);
    // Lets the line of progress and a Ctrl-C through.
    await setImmediate();
    if (!trained.ok) return { ok: false, message: trained.message };
    const { record } = trained.trained;
    const start = () => scoresInOrder(record.baseline, probabilityBy(record));
    const scorer = { name: 'cross-trained', start };
    for (const place of heldOut) {
      const recording = recordings[place];
      if (recording === undefined) continue;
      const { messages: its } = recording;
      const messages = 'rescored' in its ? its.rescored(scorer) : rescored(its, scorer);
      result[place] = { ...recording, messages };
    }
  }
  return { ok: true, recordings: result };
};
