import { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { incidentCodec } from '../../usecases/ledger/codecs/incident-codec.ts';
import type { Freshness } from '../../usecases/ports/ledger.ts';
import type { NoticeSubject } from '../../usecases/ports/notification-log.ts';
import { failed, failureCode, LedgerError } from '../aws-error.ts';
import { incidentSort, keyOf, STATE, subjectOf, type TableItem } from './key.ts';
import { isWorthTrying, jitteredPause, type LedgerTable, scanAll } from './table.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
const MAX_KEYS = 100;

/** Reads a batch of items; what was left unanswered is in `left`. */
const readBatch = async (
  { client, table }: LedgerTable,
  keys: TableItem[],
  freshness: Freshness,
): Promise<Readonly<{ items: readonly TableItem[]; left: TableItem[]; cause: unknown }>> => {
  const command = new BatchGetItemCommand({
    RequestItems: { [table]: { Keys: keys, ConsistentRead: freshness === 'latest' } },
  });
  try {
    const { Responses, UnprocessedKeys } = await client.send(command);
    return { items: Responses?.[table] ?? [], left: UnprocessedKeys?.[table]?.Keys ?? [], cause: null };
  } catch (cause) {
    // Where nothing of a batch could be read it is throttled as a whole.
    if (failureCode(cause) === 'throttled') return { items: [], left: keys, cause };
    return failed(LedgerError, `${table} could not be read`)(cause);
  }
};

/** Of a read what was found, and what the table had no units for, however long it was waited. */
type StateReading = Readonly<{ found: readonly TableItem[]; unread: readonly TableItem[]; cause: unknown }>;

const readAll = async (
  ledger: LedgerTable,
  keys: TableItem[],
  freshness: Freshness,
): Promise<StateReading> => {
  const found: TableItem[] = [];
  let left = keys;
  for (let attempts = 1; ; attempts += 1) {
    const { items, left: unanswered, cause } = await readBatch(ledger, left, freshness);
    found.push(...items);
    if (unanswered.length === 0) return { found, unread: [], cause: null };
    // What was answered meanwhile shows that waiting helps.
    if (unanswered.length < left.length) attempts = 1;
    if (!isWorthTrying(ledger, attempts, 'throttled')) return { found, unread: unanswered, cause };
    left = unanswered;
    await ledger.pause(attempts);
  }
};

/** Reads the states of those named that there are, in whatever order. */
export const readStates = async (
  ledger: LedgerTable,
  kind: NoticeSubject['kind'],
  names: readonly string[],
  freshness: Freshness,
): Promise<StateReading> => {
  const keys = [...new Set(names)].map((name) => keyOf({ kind, name }, STATE));
  const readings: StateReading[] = [];
  for (let start = 0; start < keys.length; start += MAX_KEYS) {
    const reading = await readAll(ledger, keys.slice(start, start + MAX_KEYS), freshness);
    readings.push(reading);
    // Where there was nothing for a whole batch there is none for the next, and a function has no time to wait for each.
    const isVain = reading.found.length === 0 && reading.unread.length > 0;
    if (isVain) readings.push({ ...reading, unread: keys.slice(start + MAX_KEYS) });
    if (isVain) break;
  }
  return {
    found: readings.flatMap(({ found }) => found),
    unread: readings.flatMap(({ unread }) => unread),
    cause: readings.find(({ cause }) => cause !== null)?.cause ?? null,
  };
};

/** What is kept already of some incidents of a cylinder, by their ids. Rejects without all. */
export const readIncidents = async (
  ledger: LedgerTable,
  cylinder: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, IncidentRecord>> => {
  const keys = ids.map((id) => keyOf({ kind: 'cylinder', name: cylinder }, incidentSort(id)));
  const { found, unread, cause } = await readAll(ledger, keys, 'latest');
  if (unread.length > 0)
    throw new LedgerError(
      'throttled',
      `${ledger.table} has no units for the incidents of ${cylinder}`,
      cause,
    );
  const incidents = found.map(({ sk, incident }) => incidentCodec.decode(incident?.S ?? '', sk?.S ?? ''));
  return new Map(incidents.map((incident) => [incident.id, incident]));
};

type Names = Readonly<Record<NoticeSubject['kind'], readonly string[]>>;

/** Of whom there are states: an index holds little more than their names. It follows the table within a moment. */
export const namesInIndexes = async (options: Pick<LedgerTable, 'client' | 'table'>): Promise<Names> => {
  const scans = ['by-gateway', 'by-due'].map((IndexName) => scanAll(options, { IndexName }));
  const items = (await Promise.all(scans)).flat();
  const names = { cylinder: new Set<string>(), gateway: new Set<string>() };
  for (const { pk, gateway } of items) {
    const subject = subjectOf(pk?.S ?? '');
    if (subject !== null) names[subject.kind].add(subject.name);
    if (gateway?.S !== undefined) names.gateway.add(gateway.S);
  }
  return { cylinder: [...names.cylinder], gateway: [...names.gateway] };
};

/** A table without units left is waited for so long, ms. */
const PATIENCE_MS = 5000;

/** The states of all those named, at their latest or, for half the price, as they were a moment ago. Rejects without all. */
export const readLine = async (
  { client, table }: Pick<LedgerTable, 'client' | 'table'>,
  names: Names,
  freshness: Freshness,
): Promise<readonly TableItem[]> => {
  const end = performance.now() + PATIENCE_MS;
  const ledger = { client, table, pause: jitteredPause, isLate: () => performance.now() > end };
  const readings = await Promise.all([
    readStates(ledger, 'cylinder', names.cylinder, freshness),
    readStates(ledger, 'gateway', names.gateway, freshness),
  ]);
  const cut = readings.find(({ unread }) => unread.length > 0);
  if (cut !== undefined) throw new LedgerError('throttled', `${table} has no units for the line`, cut.cause);
  return readings.flatMap(({ found }) => found);
};
