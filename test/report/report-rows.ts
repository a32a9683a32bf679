import type { Asked } from '../../analysis/bind-query.ts';
import { savedQueries, statementOf } from '../../analysis/saved-queries.ts';
import type { ReportStore } from '../../report/report-data.ts';
import type { Row } from '../../report/row-values.ts';

export const DAY_MS = 86_400_000;
export const FROM = Date.UTC(2026, 0, 5);
export const WEEK: Asked = { from: FROM, to: FROM + 7 * DAY_MS };

const timeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');

type Names = Readonly<{ cylinders: number; incidents: number; text: (name: string) => string }>;

/** Rows as each saved query would give them of so many cylinders; texts are as they are asked for. */
export const rowsOf = ({ cylinders, incidents, text }: Names): Readonly<Record<string, readonly Row[]>> => {
  const names = Array.from({ length: cylinders }, (_, index) => text(`cyl-${index + 1}`));
  const raised = Array.from({ length: incidents }, (_, index) => ({
    id: text(`id-${index}`),
    cylinder: names[index % cylinders],
    raised_at: timeText(FROM + index * 60_000 + 40_000),
  }));
  return {
    reliability: names.map((cylinder, index) => ({
      cylinder,
      running_hours: 100,
      failures: index % 3,
      mtbf_hours: index % 3 === 0 ? null : 50,
      mttr_minutes: null,
      mtta_minutes: null,
      availability: 0.99,
    })),
    'worst-actors': names.map((cylinder, index) => ({
      cylinder,
      incidents: 1,
      trouble_hours: cylinders - index,
      longest_hours: 1,
      faults: '1',
      no_fault: '0',
      open: '0',
      abnormal_share: 0.01,
    })),
    incidents: raised.map((one, index) => ({
      ...one,
      severity: text('warning'),
      began_at: timeText(FROM + index * 60_000),
      minutes: index === 0 ? null : index,
      to_told_s: 5,
      to_acknowledged_s: index % 2 === 0 ? 60 : null,
      to_closed_s: null,
      reopenings: '2',
      acknowledged_by: text('Kim'),
      closed_by: text('Lee'),
      advice: text('seals'),
      outcome: text('fault'),
      mode: text('rod seal'),
      comment: text('worn'),
    })),
    contributions: raised.map((one) => ({ ...one, temperature: 0.1, vibration_z: -2, vibration_x: null })),
    coverage: names.flatMap((cylinder) =>
      Array.from({ length: 7 }, (_, day) => ({
        cylinder,
        day: timeText(FROM + day * DAY_MS),
        samples: '43200',
        seconds: '43200',
        coverage: 0.5,
        late: '1',
      })),
    ),
    gaps: names.map((cylinder, index) => ({
      cylinder,
      began_at: timeText(FROM),
      ended_at: timeText(FROM + index * 1000),
      seconds: index,
      cause: text('quarantined'),
    })),
    'alarm-load': [
      {
        day: timeText(FROM + DAY_MS),
        notices: '30',
        most_in_10_min: '12',
        flood_periods: '1',
        incidents: '4',
      },
    ],
    drift: ['temperature', 'score', text('other')].map((what, index) => ({
      what,
      psi: index * 0.15,
      reference_mean: 1,
      mean: 2,
    })),
    models: [
      { model: text('m@1'), cylinders, first_t: timeText(FROM), last_t: timeText(FROM), samples: '9' },
    ],
    'alert-precision': [
      {
        model: text('m@1'),
        policy: text('abcdef'),
        incidents: '9',
        judged: '8',
        faults: '6',
        precision: 0.75,
      },
    ],
    course: Array.from({ length: 60 }, (_, part) => ({ part, probability_max: part % 2 })),
  };
};

/** A store that gives those rows, and notes which saved queries it was asked. */
export const storeOf = (rows: Readonly<Record<string, readonly Row[]>>) => {
  const asked: string[] = [];
  const texts = new Map(savedQueries().map((query) => [statementOf(query, 'duckdb', WEEK), query.name]));
  const store: ReportStore = {
    dialect: 'duckdb',
    ask: async function* (sql) {
      // That of an incident is asked of another time.
      const name = texts.get(sql) ?? 'course';
      asked.push(name);
      yield* await Promise.resolve(rows[name] ?? []);
    },
  };
  return { store, asked };
};
