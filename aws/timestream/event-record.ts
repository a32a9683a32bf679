import type { _Record as TimestreamRecord } from '@aws-sdk/client-timestream-write';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';
import { SENSORS } from '../../domain/message/sample.ts';
import type { StoredSample } from '../../usecases/ports/telemetry.ts';
import { EVENT_TABLES, type EventRow, type EventTable } from '../telemetry/event-rows.ts';
import { dimensions, incidentRecord, markRecords, measures, sampleRecord } from './record.ts';

/** What stands for no cylinder: every record has to have one, and no cylinder has this name. */
const NOBODY = '*';

type Placed = Readonly<{
  measureName: string;
  /** The column that is the time of the record. */
  time: string;
  /** The columns that tell a record from others, by their names as dimensions; `cylinder` is always one. */
  dimensions: Readonly<Record<string, string>>;
}>;

/**
 * How rows of each table lie in Timestream, where a name is a dimension or a measure of one type for good. What went into the
 * quarantine lies with the samples, for as long as they do: a gateway that says nothing else may say much of it, and the
 * table of incidents keeps a year in memory. All else lies with the incidents.
 */
const PLACED: Readonly<Record<EventTable, Placed>> = {
  notices: {
    measureName: 'notice',
    time: 'made_at',
    dimensions: { notice: 'id', incident: 'incident', gateway: 'gateway' },
  },
  transitions: { measureName: 'transition', time: 't', dimensions: { incident: 'incident', step: 'step' } },
  commands: { measureName: 'command', time: 't', dimensions: { incident: 'incident', step: 'step' } },
  quarantine: {
    measureName: 'quarantine',
    time: 'received_at',
    dimensions: { message: 'message', place: 'place' },
  },
};

/**
 * The most characters of a text, so that none takes its record over the limit; the whole is in the ledger, and in the
 * quarantine. https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
 */
const MAX_TEXT = 300;

const NS_PER_MS = 1_000_000n;
const MINUTE_MS = 60_000;

const textOf = (value: string | number | null | undefined): string | null =>
  value === null || value === undefined ? null : String(value).slice(0, MAX_TEXT);

/** What happened as a record: one that is stored again is the same record with the same values. */
export const eventRecord = ({ table, cells }: EventRow): TimestreamRecord => {
  const { measureName, time, dimensions: named } = PLACED[table];
  const placed = new Set(['cylinder', time, ...Object.values(named)]);
  return {
    MeasureName: measureName,
    Time: String(BigInt(cells[time] ?? 0) * NS_PER_MS),
    Dimensions: dimensions({
      cylinder: textOf(cells.cylinder) ?? NOBODY,
      ...Object.fromEntries(Object.entries(named).map(([name, column]) => [name, textOf(cells[column])])),
    }),
    MeasureValues: measures(
      Object.entries(EVENT_TABLES[table])
        .filter(([column]) => !placed.has(column))
        .map(([column, type]) =>
          type === 'bigint'
            ? [column, 'BIGINT', cells[column] ?? null]
            : [column, 'VARCHAR', textOf(cells[column])],
        ),
    ),
  };
};

const SAMPLE: StoredSample = {
  cylinder: NOBODY,
  gateway: NOBODY,
  t: 0,
  boot: NOBODY,
  seq: 0,
  model: NOBODY,
  values: SENSORS.map(() => null),
  probability: 0,
  why: SENSORS.map(() => 0),
  receivedAt: 0,
  challenger: { model: NOBODY, probability: 0 },
};

const INCIDENT: IncidentRecord = {
  id: NOBODY,
  cylinder: NOBODY,
  gateway: NOBODY,
  beganAt: 0,
  raisedAt: 0,
  lastAbnormalAt: 0,
  clearedAt: 0,
  endedBy: 'clearing',
  severity: NOBODY,
  reopenings: 0,
  acknowledgedBy: NOBODY,
  closedBy: NOBODY,
  outcome: NOBODY,
  mode: NOBODY,
  comment: NOBODY,
  toldAt: 0,
  acknowledgedAt: 0,
  closedAt: 0,
  advice: NOBODY,
  why: SENSORS.map(() => 0),
  model: NOBODY,
  policy: NOBODY,
};

const rowOf = (table: EventTable): EventRow => ({
  table,
  cells: Object.fromEntries(
    Object.entries(EVENT_TABLES[table]).map(([column, type]) => [column, type === 'bigint' ? 0 : NOBODY]),
  ),
});

/** Pairs by their names, each once. */
const onceEach = <T extends Readonly<{ Name: string | undefined }>>(named: readonly T[]): T[] => [
  ...new Map(named.map((one) => [one.Name, one])).values(),
];

/**
 * One record that names every column which the others may have, of a measure name that no question asks about. A question
 * that names a column which nothing was ever written to is refused, as that after the outcomes where nothing was closed yet:
 * https://github.com/aws/aws-cdk/issues/22062
 */
const columnsRecord = (records: readonly TimestreamRecord[], now: number): TimestreamRecord => ({
  MeasureName: 'columns',
  // One for functions that start together; never of before the memory store, which may be an hour.
  Time: String(BigInt(now - (now % MINUTE_MS)) * NS_PER_MS),
  Dimensions: onceEach(records.flatMap(({ Dimensions = [] }) => Dimensions)),
  MeasureValues: onceEach(records.flatMap(({ MeasureValues = [] }) => MeasureValues)),
});

/** What a sample always has: that the table has these is no question, and none of them is zero. */
const ALWAYS: readonly (string | undefined)[] = ['probability', 'received_at'];

const sampleColumns = (): TimestreamRecord => {
  const record = sampleRecord(SAMPLE);
  return { ...record, MeasureValues: record.MeasureValues?.filter(({ Name }) => !ALWAYS.includes(Name)) };
};

/** The records that name the columns of the table of samples that may be missing, and all of that of incidents. */
export const columnRecords = (
  now: number,
): Readonly<{ samples: TimestreamRecord; incidents: TimestreamRecord }> => ({
  samples: columnsRecord([sampleColumns(), eventRecord(rowOf('quarantine'))], now),
  incidents: columnsRecord(
    [
      incidentRecord(INCIDENT, 0),
      ...markRecords(INCIDENT, 0),
      ...(['notices', 'transitions', 'commands'] as const).map((table) => eventRecord(rowOf(table))),
    ],
    now,
  ),
});
