import { rankOf } from '../policy/rules.ts';
import type { FoldContext } from '../state/fold-context.ts';
import type { Incident } from '../state/state.ts';

/** How many missed incidents are named in the notice of them. */
export const NAMED_INCIDENTS = 16;

/**
 * Remembers an incident that clears without anybody having been told of it, unless somebody had shelved it: it is
 * told afterwards, once, with all others like it.
 */
export const rememberUnnotified = (context: FoldContext, incident: Incident): void => {
  const { state, rules, now } = context;
  if (rankOf(rules, incident.severity, incident.active) < rules.notifyRank) return;
  if (state.told?.incident === incident.id) return;
  if (state.shelf !== null && now < state.shelf.until) return;
  const { raisedAt, severity, notices } = incident;
  state.missed = {
    // One more than are named: the latest may be reopened, and is no longer missed then.
    newest: [...(state.missed?.newest ?? []), { raisedAt, severity, notices }].slice(-NAMED_INCIDENTS - 1),
    count: (state.missed?.count ?? 0) + 1,
  };
};

/** An incident that is raised again has not been missed, whatever becomes of it now. */
export const forgetUnnotified = (context: FoldContext, incident: Incident): void => {
  const { state } = context;
  const { missed } = state;
  if (missed === null || missed.newest.at(-1)?.raisedAt !== incident.raisedAt) return;
  state.missed = missed.count === 1 ? null : { newest: missed.newest.slice(0, -1), count: missed.count - 1 };
};
