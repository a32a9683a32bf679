import type { KnownOutcome } from '../challenge/evidence.ts';

/** What is known of an incident: from when to when it lasted (null while it has not ended), and what it turned out to be. */
export type SeenIncident = Readonly<{
  id: string;
  cylinder: string;
  beganAt: number;
  /** When the alarm was over; null while it is not. */
  clearedAt: number | null;
  endedAt: number | null;
  /** null where nobody has closed it. */
  outcome: string | null;
}>;

/** A fault that no incident told, as one that did. */
export const asIncident = ({ cylinder, fromMs, toMs, outcome }: KnownOutcome): SeenIncident => ({
  id: `noted-${cylinder}-${fromMs}`,
  cylinder,
  beganAt: fromMs,
  clearedAt: toMs,
  endedAt: toMs,
  outcome,
});

export type LabelRules = Readonly<{
  /** Left out on either side of each incident, ms: nobody knows to the minute when a fault began or was gone. */
  marginMs: number;
  /** How long before an outcome `fault` counts as abnormal already, ms. */
  earlyMs: number;
  /** Whether time without an incident is sound; otherwise it is left out. */
  isRestSound: boolean;
}>;

/** True for abnormal, false for sound, null for left out. */
export type Label = boolean | null;

/** Time of one cylinder with one label, from a time on until before another, ms. */
export type Segment = Readonly<{ fromMs: number; toMs: number; label: Label }>;

/** Outcomes that say the cylinder was well: what was raised was false, or only a sensor was wrong. */
const SOUND_OUTCOMES: readonly string[] = ['no-fault-found', 'sensor'];

const spansOf = (incident: SeenIncident, { marginMs, earlyMs }: LabelRules): readonly Segment[] => {
  const { outcome, beganAt } = incident;
  const toMs = incident.endedAt ?? Number.POSITIVE_INFINITY;
  const isFault = outcome === 'fault';
  const fromMs = beganAt - (isFault ? earlyMs : 0);
  // Planned work is neither, and of what nobody closed nobody knows.
  const label = isFault ? true : outcome !== null && SOUND_OUTCOMES.includes(outcome) ? false : null;
  return [
    { fromMs, toMs, label },
    { fromMs: fromMs - marginMs, toMs: fromMs, label: null },
    { fromMs: toMs, toMs: toMs + marginMs, label: null },
  ];
};

/** A fault outweighs what is left out, and that outweighs what is sound. */
const weightOf = (label: Label): number => (label === null ? 1 : label ? 2 : 0);

/** The whole time of one cylinder in segments, each with its label, from its incidents. */
const segmentsOf = (incidents: readonly SeenIncident[], rules: LabelRules): readonly Segment[] => {
  const spans = incidents
    .flatMap((incident) => spansOf(incident, rules))
    .filter(({ fromMs, toMs }) => fromMs < toMs);
  const rest: Label = rules.isRestSound ? false : null;
  const cuts = [...new Set(spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]))].sort((a, b) => a - b);
  const bounds = [Number.NEGATIVE_INFINITY, ...cuts.filter(Number.isFinite), Number.POSITIVE_INFINITY];
  return bounds.slice(1).map((toMs, at) => {
    const fromMs = bounds[at] ?? toMs;
    const labels = spans
      .filter((span) => span.fromMs <= fromMs && span.toMs >= toMs)
      .map(({ label }) => label);
    const [first, ...others] = labels;
    const label =
      first === undefined
        ? rest
        : others.reduce((most, other) => (weightOf(other) > weightOf(most) ? other : most), first);
    return { fromMs, toMs, label };
  });
};

export type IncidentLabels = Readonly<{
  /** What a cylinder was at a time, ms. */
  labelAt(cylinder: string, t: number): Label;
  /** When cylinders were abnormal, joined where one stretch follows another. */
  abnormal: readonly Readonly<{ cylinder: string; fromMs: number; toMs: number }>[];
}>;

/**
 * What incidents and their outcomes say of the time of each cylinder: abnormal from begin to end of an incident that was
 * a fault, sound where nothing was found or a sensor was wrong, and left out where that is open, was planned work, or
 * lies within a margin.
 */
export const labelIncidents = (incidents: readonly SeenIncident[], rules: LabelRules): IncidentLabels => {
  const byCylinder = new Map(
    [...Map.groupBy(incidents, ({ cylinder }) => cylinder)].map(([cylinder, its]) => [
      cylinder,
      segmentsOf(its, rules),
    ]),
  );
  const none = segmentsOf([], rules);
  const abnormal = [...byCylinder].flatMap(([cylinder, segments]) => {
    const joined: { cylinder: string; fromMs: number; toMs: number }[] = [];
    for (const { fromMs, toMs, label } of segments) {
      if (label !== true) continue;
      const last = joined.at(-1);
      if (last?.toMs === fromMs) last.toMs = toMs;
      else joined.push({ cylinder, fromMs, toMs });
    }
    return joined;
  });
  return {
    abnormal,
    labelAt: (cylinder, t) => {
      const segments = byCylinder.get(cylinder) ?? none;
      let low = 0;
      let high = segments.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((segments[middle]?.fromMs ?? 0) <= t) low = middle;
        else high = middle - 1;
      }
      return segments[low]?.label ?? null;
    },
  };
};
