import { createHash } from 'node:crypto';
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

/** What the sort keys of notices, of incidents, of what happened to them, and of roll-ups begin with. */
export const NOTICE = 'N#';
export const INCIDENT = 'I#';
export const COURSE = 'E#';
export const ROLLUP = 'R#';

/** The channel through which notices go out: who gets them from there, SNS alone knows. */
export const SNS_CHANNEL = 'sns';

export const noticeSort = (noticeId: string): string => `${NOTICE}${noticeId}`;

export const incidentSort = (incidentId: string): string => `${INCIDENT}${incidentId}`;

/** What the sort keys of all that happened to an incident begin with. */
export const courseStart = (incidentId: string): string => `${COURSE}${incidentId}#`;

/** Times, ms, in the order of their texts. */
const inOrder = (time: number): string => String(time).padStart(15, '0');

/** Of the step that stands in that place of the change that made this version. */
export const courseSort = (
  incidentId: string,
  at: number,
  [version, place]: readonly [version: number, place: number],
): string => `${courseStart(incidentId)}${inOrder(at)}#${version}.${place}`;

/** The incident, and the place of a step in the changes of its cylinder; null where the sort key is of no step. */
export const readCourseSort = (sort: string): Readonly<{ incident: string; place: string }> | null => {
  const [, incident, place] = /^E#(.+)#\d+#(\d+\.\d+)$/.exec(sort) ?? [];
  return incident === undefined || place === undefined ? null : { incident, place };
};

export const rollupSort = (startsAt: number): string => `${ROLLUP}${inOrder(startsAt)}`;

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

/**
 * Under what the index of due times keeps them. A partition of an index takes 1,000 writes a second, and what it does not
 * take the table refuses, so that all cylinders that come back at once would wait for one; `due` alone is of before.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 */
export const DUE_KINDS = ['due', ...Array.from({ length: 8 }, (_, index) => `due-${index}`)] as const;

/** Under which of them the due time of a partition stands. */
export const dueKindOf = (partition: string): string =>
  `due-${(createHash('md5').update(partition).digest()[0] ?? 0) % (DUE_KINDS.length - 1)}`;

/** The key of an item. */
export const keyOf = (subject: NoticeSubject, sort: string): TableItem => ({
  pk: { S: partitionOf(subject) },
  sk: { S: sort },
});
