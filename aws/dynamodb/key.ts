import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';

/** An item of the ledger's table, or a part of one. */
export type TableItem = Record<string, AttributeValue>;

/** What a change writes. Of the notices none may be there yet: one that was told must not be told anew. */
export type ChangeItems = Readonly<{
  state: TableItem;
  notices: readonly TableItem[];
  /** Incidents and the twin: what they said before is replaced. */
  others: readonly TableItem[];
}>;

/** The sort key of the one item in a partition that holds the state, and of the one that says what the twin is to say. */
export const STATE = 'STATE';
export const TWIN = 'TWIN';

/** What the sort keys of notices and of incidents begin with. */
export const NOTICE = 'N#';
export const INCIDENT = 'I#';

export const noticeSort = (noticeId: string): string => `${NOTICE}${noticeId}`;

export const incidentSort = (incidentId: string): string => `${INCIDENT}${incidentId}`;

const PREFIX = { cylinder: 'C#', gateway: 'G#' } as const;

/** The partition of all that is kept of a cylinder or a gateway. */
export const partitionOf = ({ kind, name }: NoticeSubject): string => `${PREFIX[kind]}${name}`;

/** Whose partition it is; null where it is nobody's. */
export const subjectOf = (partition: string): NoticeSubject | null => {
  const name = partition.slice(PREFIX.cylinder.length);
  if (name === '') return null;
  if (partition.startsWith(PREFIX.cylinder)) return { kind: 'cylinder', name };
  return partition.startsWith(PREFIX.gateway) ? { kind: 'gateway', name } : null;
};

/** The key of an item. */
export const keyOf = (subject: NoticeSubject, sort: string): TableItem => ({
  pk: { S: partitionOf(subject) },
  sk: { S: sort },
});
