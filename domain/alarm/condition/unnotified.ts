import { rankOf } from '../policy/rules.ts';
import type { FoldContext } from '../state/fold-context.ts';
import type { Incident } from '../state/state.ts';

/** How many unnotified incidents are named in the notice of them. */
export const NAMED_INCIDENTS = 16;

/**
 * Remembers an incident that clears without anybody having been told of it, unless somebody had shelved it: it is
 * told afterwards, once, with all others like it.
 */
export const rememberUnnotified = (context: FoldContext, incident: Incident): void => {
  const { state, rules, now } = context;
  if (rankOf(rules, incident.severity, incident.active) < rules.notifyRank) return;
  if (state.notified?.raisedAt === incident.raisedAt) return;
  if (state.shelf !== null && now < state.shelf.until) return;
  const { raisedAt, severity, notices } = incident;
  state.unnotified = {
    // One more than are named: the latest may be reopened, and is no longer unnotified then.
    newest: [...(state.unnotified?.newest ?? []), [raisedAt, severity, notices] as const].slice(
      -NAMED_INCIDENTS - 1,
    ),
    count: (state.unnotified?.count ?? 0) + 1,
  };
};

/** An incident that is raised again has not come and gone untold, whatever becomes of it now. */
export const forgetUnnotified = (context: FoldContext, incident: Incident): void => {
  const { state } = context;
  const { unnotified } = state;
  if (unnotified === null || unnotified.newest.at(-1)?.[0] !== incident.raisedAt) return;
  state.unnotified =
    unnotified.count === 1 ? null : { newest: unnotified.newest.slice(0, -1), count: unnotified.count - 1 };
};
