import type { LedgerChange } from '../../usecases/ports/ledger.ts';
import type { OutboxItem } from '../../usecases/ports/outbox.ts';

/** What goes out with a change, in the order in which it is told. */
export const savedItems = (change: LedgerChange): readonly OutboxItem[] => {
  const notices = change.notices.map((notice): OutboxItem => ({ kind: 'notice', notice }));
  if (change.kind === 'gateway') return notices;
  return [
    ...change.transitions.map((transition): OutboxItem => ({ kind: 'transition', transition })),
    ...change.incidents.map((incident): OutboxItem => ({ kind: 'incident', incident })),
    ...notices,
    ...(change.twin === null
      ? []
      : [{ kind: 'twin', cylinder: change.name, twin: change.twin, version: change.expected + 1 } as const]),
  ];
};
