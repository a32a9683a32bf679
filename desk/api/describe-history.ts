import { policyFor } from '../../domain/cylinder/cylinder-record.ts';
import { ROLLUP_MS, readRollup } from '../../domain/cylinder/rollup.ts';
import { type CourseEvent, maintenanceOf } from '../../domain/incident/incident-record.ts';
import type { DeskQuestion } from '../../usecases/ports/desk-view.ts';
import type { DeskPorts } from './desk-ports.ts';
import type { historyAnswer, Sent } from './schemas.ts';

/** No longer than roll-ups are kept. */
const MAX_HISTORY_MS = 8 * 86_400_000;
const MAX_INCIDENTS = 200;

/** A question of which only some fields matter. */
export const ANY_INCIDENT: Omit<DeskQuestion, 'limit'> = {
  cylinder: null,
  open: null,
  severity: null,
  outcome: null,
  from: null,
  to: null,
  after: null,
};

/** The period that is asked for, no longer than `mostMs` and up to now where nothing else is said. */
export const periodOf = (
  { from, to }: Readonly<{ from?: number | undefined; to?: number | undefined }>,
  now: number,
  mostMs: number,
) => {
  const end = to ?? now;
  return { from: Math.max(from ?? 0, end - mostMs), to: end };
};

type Period = Readonly<{ from: number; to: number }>;

/** The maintenance of a cylinder: each lasts until the next one begins, with which a person may have ended it. */
const periodsOf = (steps: readonly CourseEvent[]): readonly Period[] =>
  steps
    .map(({ at, text }, index) => ({
      from: at,
      to: Math.min(Number(text), steps[index + 1]?.at ?? Infinity),
    }))
    .filter(({ from, to }) => to > from);

/** What a cylinder measured in a period, its incidents and maintenance; null where there is no such cylinder. */
export const describeHistory =
  ({ view, policies, now }: DeskPorts) =>
  async (name: string, asked: Parameters<typeof periodOf>[0]): Promise<Sent<typeof historyAnswer> | null> => {
    const record = await view.cylinder(name);
    if (record === null) return null;
    const { from, to } = periodOf(asked, now(), MAX_HISTORY_MS);
    const [past, incidents, steps] = await Promise.all([
      view.rollups(name, from, to),
      view.incidents({ ...ANY_INCIDENT, cylinder: name, from, to, limit: MAX_INCIDENTS }),
      view.course({ id: maintenanceOf(name), cylinder: name }),
    ]);
    const latest = readRollup(record.statistics?.rollup ?? '');
    const goingOn = latest === null || latest.t > to || latest.t + ROLLUP_MS <= from ? [] : [latest];
    const { maintenance, commandAt } = record.alarm;
    // What a ledger of before holds of it.
    const latestOnly =
      maintenance === null ? [] : [{ from: commandAt.maintenance ?? now(), to: maintenance.until }];
    const periods = steps.length === 0 ? latestOnly : periodsOf(steps);
    return {
      from,
      to,
      step: ROLLUP_MS,
      rollups: [...past, ...goingOn],
      incidents,
      maintenance: periods.filter((period) => period.to >= from && period.from <= to),
      threshold: policyFor(policies, name, record).threshold,
    };
  };
