import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';

/** An item of the ledger's table, or a part of one. */
export type LedgerItem = Record<string, AttributeValue>;

export const STATE = 'STATE';
export const TWIN = 'TWIN';
export const NOTICE = 'N#';
export const INCIDENT = 'I#';

const PREFIX = { cylinder: 'C#', gateway: 'G#' } as const;

/** The partition of all that is kept of a cylinder or a gateway. */
export const partitionOf = ({ kind, name }: NoticeSubject): string => `${PREFIX[kind]}${name}`;

/** Whose partition it is; null where it is nobody's. */
export const subjectOf = (partition: string): NoticeSubject | null => {
  if (partition.startsWith(PREFIX.cylinder)) return { kind: 'cylinder', name: partition.slice(2) };
  if (partition.startsWith(PREFIX.gateway)) return { kind: 'gateway', name: partition.slice(2) };
  return null;
};

/** The key of an item. */
export const keyOf = (subject: NoticeSubject, sort: string): LedgerItem => ({
  pk: { S: partitionOf(subject) },
  sk: { S: sort },
});
