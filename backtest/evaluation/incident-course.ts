import type { AlarmOutput } from '../../domain/alarm/state/output.ts';

/** From a raise to the clearing after it (null: still open), ms. */
export type Stretch = Readonly<{ raisedMs: number; clearedMs: number | null }>;

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
