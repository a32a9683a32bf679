import type { AlarmOutput } from '../../domain/alarm/state/output.ts';

/** From a raise to the clearing after it (null: still open), ms. */
type Stretch = Readonly<{ raisedMs: number; clearedMs: number | null }>;

/** An incident from its first raise to its last clearing, from the alarm's outputs. Times are ms. */
export type IncidentCourse = Readonly<{
  id: string;
  cylinder: string;
  /** The first abnormal slot in the window that raised it. */
  beganMs: number;
  /** The first raise and every reopening, in order. */
  stretches: readonly Stretch[];
  /** The severities that it reached, in order, with the slot in which it did. */
  severities: readonly Readonly<{ severity: string; atMs: number }>[];
}>;

/** The highest severity that an incident reached. */
export const severityOf = ({ severities }: IncidentCourse): string => severities.at(-1)?.severity ?? '';

/** When an incident cleared last, ms; null where it is open. */
export const endOf = ({ stretches }: IncidentCourse): number | null => stretches.at(-1)?.clearedMs ?? null;

/** Puts together the incidents of any number of cylinders from what the alarm says, output after output. */
export const createIncidentLog = (): Readonly<{
  add(output: AlarmOutput): void;
  all(): readonly IncidentCourse[];
}> => {
  const courses = new Map<string, IncidentCourse>();

  const raise = (id: string, cylinder: string, t: number, began: number): void => {
    const before = courses.get(id) ?? { id, cylinder, beganMs: began, stretches: [], severities: [] };
    const stretches = [...before.stretches, { raisedMs: t, clearedMs: null }];
    courses.set(id, { ...before, stretches });
  };

  const clear = (id: string, t: number): void => {
    const before = courses.get(id);
    const open = before?.stretches.at(-1);
    if (before === undefined || open === undefined) return;
    courses.set(id, { ...before, stretches: [...before.stretches.slice(0, -1), { ...open, clearedMs: t }] });
  };

  return {
    add: (output) => {
      if (output.kind === 'severity') {
        const before = courses.get(output.incident);
        if (before === undefined) return;
        const reached = { severity: output.severity, atMs: output.t };
        courses.set(output.incident, { ...before, severities: [...before.severities, reached] });
      }
      if (output.kind !== 'condition' || output.incident === null) return;
      const { cylinder, incident, from, to, t } = output;
      if (to === 'ACTIVE' && from !== 'CLEARING') raise(incident, cylinder, t, output.began ?? t);
      else if (to === 'NORMAL') clear(incident, t);
    },
    all: () =>
      [...courses.values()].sort(
        (a, b) => a.beganMs - b.beganMs || (a.cylinder < b.cylinder ? -1 : a.cylinder > b.cylinder ? 1 : 0),
      ),
  };
};

/** A stretch of time in which a recording says that something was truly wrong; ms, both ends included. */
export type Episode = Readonly<{ cylinder: string; beginMs: number; endMs: number }>;

/** One labelled second of a recording. */
type LabelledSecond = Readonly<{ cylinder: string; t: number; label: boolean }>;

/** Gathers labelled seconds, each cylinder's in the order of time, into episodes. */
const createEpisodes = (): Readonly<{
  add(sample: LabelledSecond): void;
  all(): readonly Episode[];
}> => {
  const open = new Map<string, Episode>();
  const ended: Episode[] = [];
  return {
    add: ({ cylinder, t, label }) => {
      const current = open.get(cylinder);
      if (label)
        open.set(
          cylinder,
          current === undefined ? { cylinder, beginMs: t, endMs: t } : { ...current, endMs: t },
        );
      else if (current !== undefined) {
        ended.push(current);
        open.delete(cylinder);
      }
    },
    all: () => [...ended, ...open.values()].sort((a, b) => a.beginMs - b.beginMs),
  };
};

/** What the labels of one cylinder's recording say. */
export type LabelledTime = Readonly<{
  episodes: readonly Episode[];
  /** Time labelled as sound, ms, without the grace after each episode, in which no alarm counts as false. */
  soundMs: number;
  /** Whether an alarm raised at `t` can be judged: the labels there say that all was sound. */
  isSound: (t: number) => boolean;
}>;

type Options = Readonly<{ cylinder: string; samplePeriodMs: number; graceMs: number }>;

/** Gathers the labels of one cylinder, in the order of time, by slots, as its alarm is; an unlabelled slot counts for nothing. */
export const createLabelledTime = ({ cylinder, samplePeriodMs, graceMs }: Options) => {
  const wrong = createEpisodes();
  const sound = createEpisodes();
  let lastSlotMs = Number.NEGATIVE_INFINITY;
  let lastWrongMs = Number.NEGATIVE_INFINITY;
  let soundMs = 0;

  return {
    add: (t: number, label: boolean | null): void => {
      const slotMs = Math.floor(t / samplePeriodMs) * samplePeriodMs;
      if (label !== null) wrong.add({ cylinder, t: slotMs, label });
      sound.add({ cylinder, t: slotMs, label: label === false });
      if (label === true) lastWrongMs = slotMs;
      if (label === false && slotMs > lastSlotMs && slotMs > lastWrongMs + graceMs) soundMs += samplePeriodMs;
      lastSlotMs = Math.max(lastSlotMs, slotMs);
    },
    read: (): LabelledTime => {
      const stretches = sound.all();
      return {
        episodes: wrong.all(),
        soundMs,
        isSound: (t) => stretches.some(({ beginMs, endMs }) => t >= beginMs && t <= endMs),
      };
    },
  };
};

/** An alarm to be held against the truth: active from `raisedMs` to `endedMs` (null: still open), ms. */
export type Alarm = Readonly<{ id: string; cylinder: string; raisedMs: number; endedMs: number | null }>;

export type Detection = Readonly<{
  episode: Episode;
  /** The true alarm that detected the episode first, or null where it was missed. */
  alarm: Alarm | null;
  /** From the episode's begin to the raise, ms; below 0 where it was early; 0 where the alarm of an episode before was still up. */
  delayMs: number | null;
  /** It was missed while an alarm raised for nothing was up: nobody was notified again. */
  wasUp: boolean;
}>;

export type Evaluation = Readonly<{
  detections: readonly Detection[];
  /** Alarms that belong to an episode. */
  trueAlarms: readonly Alarm[];
  /** Alarms that belong to none. */
  falseAlarms: readonly Alarm[];
}>;

/**
 * Holds alarms against episodes. An alarm raised within an episode or up to `graceMs` after its end belongs to it: the
 * window still looks back on it. Any other raised up to `earlyMs` before an episode belongs to the first that begins
 * after it, whether it is still up by then or not. An alarm raised before that detects nothing, even if it is up when a
 * fault begins: otherwise an alarm that never ends would be the best of all.
 */
export const evaluate = (
  episodes: readonly Episode[],
  alarms: readonly Alarm[],
  graceMs: number,
  earlyMs = 0,
): Evaluation => {
  const isRaisedIn = (alarm: Alarm, { cylinder, beginMs, endMs }: Episode): boolean =>
    cylinder === alarm.cylinder && alarm.raisedMs >= beginMs && alarm.raisedMs <= endMs + graceMs;
  const isUpIn = (alarm: Alarm, { cylinder, beginMs, endMs }: Episode): boolean =>
    cylinder === alarm.cylinder &&
    alarm.raisedMs <= endMs + graceMs &&
    (alarm.endedMs === null || alarm.endedMs >= beginMs);
  const inOrder = episodes.toSorted((a, b) => a.beginMs - b.beginMs);
  const earlyFor = (alarm: Alarm): Episode | undefined => {
    if (episodes.some((episode) => isRaisedIn(alarm, episode))) return undefined;
    const next = inOrder.find(
      ({ cylinder, beginMs }) => cylinder === alarm.cylinder && beginMs > alarm.raisedMs,
    );
    return next !== undefined && next.beginMs - alarm.raisedMs <= earlyMs ? next : undefined;
  };

  const sorted = alarms.toSorted((a, b) => a.raisedMs - b.raisedMs);
  const earlyFors = new Map(sorted.map((alarm) => [alarm, earlyFor(alarm)]));
  const isTrue = (alarm: Alarm): boolean =>
    earlyFors.get(alarm) !== undefined || episodes.some((episode) => isRaisedIn(alarm, episode));
  const trueAlarms = sorted.filter(isTrue);
  const falseAlarms = sorted.filter((alarm) => !isTrue(alarm));
  const detections = episodes.map((episode): Detection => {
    const early = trueAlarms.find((alarm) => earlyFors.get(alarm) === episode);
    const alarm = early ?? trueAlarms.find((other) => isUpIn(other, episode)) ?? null;
    const delayMs = alarm === null ? null : alarm.raisedMs - episode.beginMs;
    return {
      episode,
      alarm,
      delayMs: delayMs === null || alarm === early ? delayMs : Math.max(0, delayMs),
      wasUp: alarm === null && falseAlarms.some((other) => isUpIn(other, episode)),
    };
  });
  return { detections, trueAlarms, falseAlarms };
};
