import { OUTCOMES } from '../../../domain/alarm/commands/command.ts';
import { type IncidentRecord, lastOfEach, withMarksOf } from '../../../domain/incident/incident-record.ts';
import { SENSORS } from '../../../domain/message/sample.ts';
import type { StoredSample } from '../../../usecases/ports/telemetry.ts';
import type { WireRecord } from './input.ts';

/** The columns of a row as a query would answer them, dimensions and measures side by side. */
const columnsOf = ({ Dimensions = [], MeasureValues = [] }: WireRecord): ReadonlyMap<string, string> =>
  new Map([...Dimensions, ...MeasureValues].map(({ Name, Value }) => [Name, Value]));

const numberOr = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

/** Reads a sample back out of its record. */
export const sampleOf = (record: WireRecord): StoredSample => {
  const columns = columnsOf(record);
  const why = SENSORS.map((_, index) => numberOr(columns.get(`why${index + 1}`)));
  return {
    cylinder: columns.get('cylinder') ?? '',
    gateway: columns.get('gateway') ?? '',
    t: Number(BigInt(record.Time ?? '0') / 1_000_000n),
    boot: columns.get('boot') ?? null,
    seq: numberOr(columns.get('seq')),
    model: columns.get('model') ?? null,
    values: SENSORS.map((sensor) => numberOr(columns.get(sensor))),
    probability: Number(columns.get('probability')),
    why: why.every((share) => share !== null) ? why : null,
    receivedAt: Number(columns.get('received_at')),
  };
};

/** Reads an incident back out of one of its records. */
const incidentOf = (record: WireRecord): IncidentRecord => {
  const columns = columnsOf(record);
  const why = SENSORS.map((_, index) => numberOr(columns.get(`why${index + 1}`)));
  const endedBy = columns.get('ended_by');
  return {
    id: columns.get('incident') ?? '',
    cylinder: columns.get('cylinder') ?? '',
    gateway: columns.get('incident_gateway') ?? null,
    beganAt: Number(columns.get('began_at')),
    raisedAt: Number(columns.get('raised_at')),
    lastAbnormalAt: numberOr(columns.get('last_abnormal_at')),
    clearedAt: numberOr(columns.get('cleared_at')),
    endedBy: endedBy === 'clearing' || endedBy === 'maintenance' || endedBy === 'policy' ? endedBy : null,
    severity: columns.get('severity') ?? '',
    reopenings: Number(columns.get('reopenings')),
    acknowledgedBy: columns.get('acknowledged_by') ?? null,
    closedBy: columns.get('closed_by') ?? null,
    outcome: OUTCOMES.find((outcome) => outcome === columns.get('outcome')) ?? null,
    mode: columns.get('mode') ?? null,
    comment: columns.get('comment') ?? null,
    toldAt: numberOr(columns.get('told_at')),
    acknowledgedAt: numberOr(columns.get('acknowledged_at')),
    closedAt: numberOr(columns.get('closed_at')),
    advice: columns.get('advice') ?? null,
    why: why.every((share) => share !== null) ? why : null,
    model: columns.get('incident_model') ?? null,
    policy: columns.get('policy') ?? null,
  };
};

const EVENTS: Readonly<Record<string, string>> = {
  notice: 'notices',
  transition: 'transitions',
  command: 'commands',
  quarantine: 'quarantine',
};

/** Reads what happened back out of its records, by the columns that Timestream has for it. */
export const eventsIn = (records: readonly WireRecord[]) =>
  records.flatMap((record) => {
    const table = EVENTS[record.MeasureName ?? ''];
    return table === undefined ? [] : [{ table, cells: Object.fromEntries(columnsOf(record)) }];
  });

const MARKS: readonly (string | undefined)[] = ['raise', 'told', 'acknowledgement', 'closing'];

/** Reads incidents back out of their records, each with what was noted of it beside. */
export const incidentsIn = (records: readonly WireRecord[]): readonly IncidentRecord[] => {
  const marks = lastOfEach(
    records.filter(({ MeasureName }) => MARKS.includes(MeasureName)).map((record) => incidentOf(record)),
  );
  return records
    .filter(({ MeasureName }) => MeasureName === 'incident')
    .map(incidentOf)
    .map((incident) =>
      withMarksOf(
        marks.find(({ id }) => id === incident.id),
        incident,
      ),
    );
};
