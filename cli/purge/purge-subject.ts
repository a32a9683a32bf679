import { INCIDENT, NOTICE, STATE, TWIN } from '../../aws/dynamodb/key.ts';
import { deleteItems, sortsOf } from '../../aws/dynamodb/partitions.ts';
import type { LedgerTable } from '../../aws/dynamodb/table.ts';
import type { ShadowService } from '../../aws/shadow/service.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';

/** Where a cylinder is kept: the ledger's table, and the shadows that are its twins. */
export type PurgePlaces = Pick<LedgerTable, 'client' | 'table'> &
  Readonly<{ shadows: Pick<ShadowService, 'read' | 'remove'> }>;

const ROLL_UP = 'R#';

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;

/** The items of a partition in words: `state, twin, 2 incidents, 5 notices`. */
const itemWords = (sorts: readonly string[]): readonly string[] => {
  const kinds: readonly (readonly [one: string, isOne: (sort: string) => boolean])[] = [
    ['incident', (sort) => sort.startsWith(INCIDENT)],
    ['notice', (sort) => sort.startsWith(NOTICE)],
    ['roll-up', (sort) => sort.startsWith(ROLL_UP)],
  ];
  const others = sorts.filter(
    (sort) => sort !== STATE && sort !== TWIN && !kinds.some(([, isOne]) => isOne(sort)),
  );
  return [
    ...(sorts.includes(STATE) ? ['its state'] : []),
    ...(sorts.includes(TWIN) ? ['its report for the twin'] : []),
    ...kinds.flatMap(([one, isOne]) => {
      const count = sorts.filter(isOne).length;
      return count === 0 ? [] : [counted(count, one)];
    }),
    ...(others.length === 0 ? [] : [counted(others.length, 'other item')]),
  ];
};

/**
 * Removes what the ledger and the shadows hold of a cylinder or a gateway, or, where `isForReal` is false, only looks.
 * In words what that is; null where the ledger knows none of that name, whose shadow may be another stage's and is left
 * alone. The state goes last, so that what broke off can be asked for again.
 */
export const purgeSubject = async (
  { client, table, shadows }: PurgePlaces,
  subject: NoticeSubject,
  isForReal: boolean,
): Promise<string | null> => {
  const sorts = await sortsOf({ client, table }, subject);
  if (sorts.length === 0) return null;
  const hasTwin = subject.kind === 'cylinder';
  if (!isForReal) {
    const shadow = hasTwin && (await shadows.read(subject.name)) !== null ? ['the shadow twin'] : [];
    return [...shadow, ...itemWords(sorts)].join(', ');
  }
  await deleteItems(
    { client, table },
    subject,
    sorts.filter((sort) => sort !== STATE),
  );
  const shadow = hasTwin && (await shadows.remove(subject.name)) ? ['the shadow twin'] : [];
  await deleteItems(
    { client, table },
    subject,
    sorts.filter((sort) => sort === STATE),
  );
  return [...shadow, ...itemWords(sorts)].join(', ');
};
