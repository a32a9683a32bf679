import type { Policy } from '../policy/policy.ts';
import { type FoldContext, isInMaintenance, NOTHING_UNJUDGED } from '../state/fold-context.ts';
import { type AlarmOutput, UNWATCHED_CAUSES, type UnwatchedCause } from '../state/output.ts';
import type { CylinderState, UnjudgedCounts } from '../state/state.ts';

/** Counts why a sample or slot was not judged; maintenance in force excuses it. */
export const noteUnjudged = ({ state, now }: FoldContext, cause: UnwatchedCause): void => {
  if (isInMaintenance(state, now)) return;
  const { judging } = state;
  const unjudged = { ...judging.unjudged, [cause]: judging.unjudged[cause] + 1 };
  state.judging = { ...judging, unjudged };
};

/** A slot was judged; WATCHED is told where people were told that none is. */
export const noteJudged = ({ state, now, cylinder, outputs }: FoldContext): void => {
  const { judgedAt, heardAnewAt, unjudged, unwatched } = state.judging;
  // Most slots are judged with others of their message, which said it all.
  if (judgedAt !== null && now <= judgedAt && unjudged === NOTHING_UNJUDGED && unwatched === null) return;
  state.judging = {
    judgedAt: Math.max(now, judgedAt ?? now),
    heardAnewAt,
    unjudged: NOTHING_UNJUDGED,
    unwatched: null,
  };
  if (unwatched === null) return;
  const { gateway, since } = unwatched;
  outputs.push({
    kind: 'notice',
    cylinder,
    gateway,
    id: `${cylinder}@${since}!2`,
    type: 'WATCHED',
    at: now,
  });
};

/** Maintenance has just been asked for: what counts as a cause begins anew. */
export const forgetUnjudged = ({ state }: FoldContext): void => {
  state.judging = { ...state.judging, unjudged: NOTHING_UNJUDGED };
};

/** The most frequent cause, the first of them at a tie; `coverage` where nothing was counted. */
const causeOf = (unjudged: UnjudgedCounts): UnwatchedCause => {
  const most = Math.max(...UNWATCHED_CAUSES.map((cause) => unjudged[cause]));
  return (most > 0 ? UNWATCHED_CAUSES.find((cause) => unjudged[cause] === most) : undefined) ?? 'coverage';
};

/** Since when a cylinder has been heard without a slot of it judged, ms; null where it was never heard. */
const unjudgedSince = ({ judging }: CylinderState): number | null => {
  const { judgedAt, heardAnewAt } = judging;
  return heardAnewAt === null ? judgedAt : Math.max(heardAnewAt, judgedAt ?? heardAnewAt);
};

/** When UNWATCHED is due if nothing is judged and the cylinder is heard until then, ms; null where it is not to come. */
export const unwatchedDueAt = (state: CylinderState, { offlineAfterMs }: Policy): number | null => {
  const since = unjudgedSince(state);
  if (since === null || state.judging.unwatched !== null) return null;
  return Math.max(since, state.maintenance?.until ?? since) + offlineAfterMs;
};

/** At a tick, UNWATCHED of a cylinder that is heard, not in maintenance, and has not been judged for `offlineAfterMs`. */
export const tickJudging = (
  cylinder: string,
  state: CylinderState,
  now: number,
  policy: Policy,
): Readonly<{ state: CylinderState; outputs: readonly AlarmOutput[] }> => {
  const { liveness, gateway, judging } = state;
  const since = unjudgedSince(state);
  const dueAt = unwatchedDueAt(state, policy);
  const isHeard = liveness !== null && now - liveness.lastHeardAt < policy.staleAfterMs;
  if (!isHeard || gateway === null || since === null || dueAt === null || now < dueAt)
    return { state, outputs: [] };
  if (isInMaintenance(state, now)) return { state, outputs: [] };
  const cause = causeOf(judging.unjudged);
  return {
    state: { ...state, judging: { ...judging, unwatched: { since, gateway, cause } } },
    outputs: [
      {
        kind: 'notice',
        cylinder,
        gateway,
        id: `${cylinder}@${since}!1`,
        type: 'UNWATCHED',
        cause,
        at: now,
      },
    ],
  };
};
