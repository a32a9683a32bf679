import { lastGateway, lastHeard } from './oracle-liveness.ts';
import type { Cylinder, Mark, Stream } from './oracle-state.ts';

const CAUSES = ['ahead', 'late', 'coverage', 'warm-up'] as const;

/** Section "Unwatched": why it was not judged; a maintenance in force counts nothing. */
export const mark = (cylinder: Cylinder, why: Mark, now: number): void => {
  if (now >= cylinder.maintenanceUntil) cylinder.marks.push(why);
};

/** Section "Unwatched": a slot was judged, and WATCHED is told where people believe that it is not. */
export const noteJudged = (stream: Stream, cylinder: Cylinder, now: number): void => {
  cylinder.judgedAt.push(now);
  cylinder.marks.push('judged');
  if (cylinder.unwatched === null) return;
  const { id, gateway } = cylinder.unwatched;
  cylinder.unwatched = null;
  stream.out.push({
    kind: 'notice',
    cylinder: cylinder.name,
    gateway,
    id: `${id}!2`,
    type: 'WATCHED',
    at: now,
  });
};

/** The most frequent cause since a slot was judged or maintenance began, the first of them at a tie. */
const causeOf = ({ marks }: Cylinder): string => {
  const start = marks.findLastIndex((why) => why === 'judged' || why === 'maintenance');
  const since = marks.slice(start + 1);
  const times = CAUSES.map((cause) => since.filter((why) => why === cause).length);
  const most = Math.max(...times);
  return most === 0 ? 'coverage' : (CAUSES[times.indexOf(most)] ?? 'coverage');
};

/** Section "Unwatched", at a tick: every cylinder that is heard in vain. */
export const tickUnwatched = (stream: Stream, now: number): void => {
  const { policy } = stream;
  for (const cylinder of stream.cylinders.values()) {
    const { name } = cylinder;
    if (cylinder.unwatched !== null || now < cylinder.maintenanceUntil) continue;
    if (now - lastHeard(cylinder) >= policy.staleAfterMs) continue;
    const heardAnew = cylinder.hearings.findLast(({ anew }) => anew)?.at ?? Number.NEGATIVE_INFINITY;
    const named = Math.max(heardAnew, ...cylinder.judgedAt);
    if (now - Math.max(named, cylinder.maintenanceUntil) < policy.offlineAfterMs) continue;
    const gateway = lastGateway(cylinder);
    const id = `${name}@${named}`;
    cylinder.unwatched = { id, gateway };
    stream.out.push({
      kind: 'notice',
      cylinder: name,
      gateway,
      id: `${id}!1`,
      type: 'UNWATCHED',
      cause: causeOf(cylinder),
      at: now,
    });
  }
};
