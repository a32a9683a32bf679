import { policyFor } from '../../domain/cylinder/cylinder-record.ts';
import { ROLLUP_MS, readRollup } from '../../domain/cylinder/rollup.ts';
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

/** What a cylinder measured in a period, its incidents and maintenance; null where there is no such cylinder. */
export const describeHistory =
  ({ view, policies, now }: DeskPorts) =>
  async (name: string, asked: Parameters<typeof periodOf>[0]): Promise<Sent<typeof historyAnswer> | null> => {
    const record = await view.cylinder(name);
    if (record === null) return null;
    const { from, to } = periodOf(asked, now(), MAX_HISTORY_MS);
    const [past, incidents] = await Promise.all([
      view.rollups(name, from, to),
      view.incidents({ ...ANY_INCIDENT, cylinder: name, from, to, limit: MAX_INCIDENTS }),
    ]);
    const latest = readRollup(record.statistics?.rollup ?? '');
    const goingOn = latest === null || latest.t > to || latest.t + ROLLUP_MS <= from ? [] : [latest];
    const { maintenance, commandAt } = record.alarm;
    return {
      from,
      to,
      step: ROLLUP_MS,
      rollups: [...past, ...goingOn],
      incidents,
      maintenance:
        maintenance === null ? [] : [{ from: commandAt.maintenance ?? now(), to: maintenance.until }],
      threshold: policyFor(policies, name, record).threshold,
    };
  };
