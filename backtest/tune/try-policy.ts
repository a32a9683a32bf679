import { setImmediate } from 'node:timers/promises';
import { createPlant, sweepPlant, takeMessage } from '../../domain/alarm/plant.ts';
import type { Policy } from '../../domain/alarm/policy/policy.ts';
import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
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
import type { LabelledSample, RecordedMessage } from '../recordings/recording.ts';
import { foldsOf } from './choose-policy.ts';

/** A recording scored once and kept, to be folded under many policies. */
export type KeptRecording = Readonly<{ name: string; messages: readonly RecordedMessage[] }>;

/** A policy on one recording, held against its labels. */
export type Trial = (book: PolicyBook) => Judgement;

const incidentsUnder = (
  messages: readonly RecordedMessage[],
  policyOf: (cylinder: string | null) => Policy,
): readonly IncidentCourse[] => {
  const plant = createPlant();
  const log = createIncidentLog();
  const take = (outputs: readonly AlarmOutput[]): void => {
    for (const output of outputs) log.add(output);
  };
  let lastTickMs = messages[0]?.receivedAt ?? 0;
  let lastMs = lastTickMs;
  for (const message of messages) {
    const { receivedAt } = message;
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

/** The samples of each cylinder, in the order in which they came. */
const byCylinder = (messages: readonly RecordedMessage[]): ReadonlyMap<string, readonly LabelledSample[]> =>
  Map.groupBy(
    messages.flatMap(({ samples }) => samples),
    ({ cylinder }) => cylinder,
  );

/**
 * Prepares a recording for trials: the same fold, sweeps and judgement as a backtest's, without notices and charts.
 * What its labels say depends on a policy's slot and window alone, and is worked out once for each of those.
 */
export const createTrial = ({ messages }: KeptRecording, earlyMs: number): Trial => {
  const samples = byCylinder(messages);
  const known = new Map<string, LabelledTime>();
  const labelsOf = (cylinder: string, { samplePeriodMs, windowMs }: Policy): LabelledTime => {
    const key = `${samplePeriodMs} ${windowMs} ${cylinder}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const labels = createLabelledTime({ cylinder, samplePeriodMs, graceMs: windowMs });
    for (const { t, label } of samples.get(cylinder) ?? []) labels.add(t, label);
    const read = labels.read();
    known.set(key, read);
    return read;
  };
  return (book) => {
    const policyOf = (cylinder: string | null): Policy =>
      cylinder === null ? book.default : book.of(cylinder);
    const cylinders = new Map(
      [...samples.keys()].map((name) => {
        const policy = book.of(name);
        return [name, { policy, labels: labelsOf(name, policy) }];
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
  messages.flatMap(({ samples }) =>
    samples.flatMap(({ values, label }) =>
      label === null ? [] : [{ values, label: Number(label), recording: name }],
    ),
  );

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
    const scorer = { name: 'cross-trained', probability: probabilityBy(trained.trained.record) };
    for (const place of heldOut) {
      const recording = recordings[place];
      if (recording === undefined) continue;
      const messages = recording.messages.map((message) => rescored(message, scorer));
      result[place] = { ...recording, messages };
    }
  }
  return { ok: true, recordings: result };
};
