// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Grafana writes its variables so
/** The stores that saved queries are written for. */
export const DIALECTS = ['duckdb', 'athena', 'timestream'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** What a saved query is asked about: from one time until before another, ms, and of which cylinder and site. */
export type Asked = Readonly<{
  from: number;
  to: number;
  /** Since when samples count as the reference, ms; a week before `from` unless it is given. */
  reference?: number;
  cylinder?: string;
  /** A gateway of this name, or all whose names begin with it and a hyphen. */
  site?: string;
  /** The database of Timestream. */
  database?: string;
}>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** So long after it was taken a sample may arrive and still be found in the lake. */
const LATE_MS = 30 * DAY_MS;

/** Text as a literal: a quote within it is doubled, and in none of the dialects does anything else end it. */
const textLiteral = (text: string | undefined): string =>
  text === undefined ? 'cast(NULL AS varchar)' : `'${text.replaceAll("'", "''")}'`;

const identifier = (text: string): string => `"${text.replaceAll('"', '""')}"`;

const timeLiteral = (ms: number, dialect: Dialect): string =>
  dialect === 'timestream'
    ? `from_milliseconds(${ms})`
    : `TIMESTAMP '${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')}'`;

const dayLiteral = (ms: number): string => `'${new Date(ms).toISOString().slice(0, 10)}'`;

const PARAMETER = /(?<![:\w]):([a-z_]+)\b/g;

const fill = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(PARAMETER, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`there is no parameter :${name}`);
    return value;
  });

/** The whole hours between two times, ms: none where these lie within one. */
const wholeHours = (from: number, to: number): readonly [from: number, to: number] => {
  const first = Math.min(to, Math.ceil(from / HOUR_MS) * HOUR_MS);
  return [first, Math.max(first, Math.floor(to / HOUR_MS) * HOUR_MS)];
};

/** What stands for the time asked about, and what for the reference in its place. */
const OF_REFERENCE: Readonly<Record<string, string>> = {
  from: 'reference',
  from_hour: 'reference_hour',
  from_ms: 'reference_ms',
  from_day: 'reference_day',
  to: 'from',
  to_hour: 'reference_to_hour',
  to_ms: 'from_ms',
  to_day: 'reference_to_day',
};

/** A view of what is asked about as one of the reference: `samples_asked` as `samples_before`. */
export const ofReference = (view: string): string =>
  view
    .replaceAll(/_asked\b/g, '_before')
    .replaceAll(PARAMETER, (whole, name: string) => `:${OF_REFERENCE[name] ?? whole.slice(1)}`);

/**
 * Puts what is asked about in the place of the parameters of a text, each as a literal of its dialect: nothing that a
 * person gives is read as SQL. Throws where the text names a parameter that there is not.
 */
export const bind = (text: string, dialect: Dialect, asked: Asked): string => {
  const { from, to, cylinder, site, database = 'telemetry' } = asked;
  const reference = asked.reference ?? from - 7 * DAY_MS;
  const [fromHour, toHour] = wholeHours(from, to);
  const [referenceHour, referenceToHour] = wholeHours(reference, from);
  const values: Readonly<Record<string, string>> = {
    from: timeLiteral(from, dialect),
    to: timeLiteral(to, dialect),
    reference: timeLiteral(reference, dialect),
    from_hour: timeLiteral(fromHour, dialect),
    to_hour: timeLiteral(toHour, dialect),
    reference_hour: timeLiteral(referenceHour, dialect),
    reference_to_hour: timeLiteral(referenceToHour, dialect),
    from_ms: String(from),
    to_ms: String(to),
    reference_ms: String(reference),
    // A gateway's clock may be a minute ahead: what it says of the first minute of a day arrives the day before.
    from_day: dayLiteral(from - DAY_MS),
    to_day: dayLiteral(to + LATE_MS),
    reference_day: dayLiteral(reference - DAY_MS),
    reference_to_day: dayLiteral(from + LATE_MS),
    cylinder: textLiteral(cylinder),
    site: textLiteral(site),
    database: identifier(database),
  };
  return fill(text, values);
};

/** How Grafana is asked for the time shown, in ms, before a query is sent. https://grafana.com/docs/grafana/latest/dashboards/variables/ */
const SHOWN = { from: '${__from}', to: '${__to}' } as const;

/**
 * Puts the variables of a Grafana dashboard in the place of the parameters: the time that is shown, and the text boxes
 * `cylinder` and `site`, which Grafana gives as literals (`sqlstring`); an empty one stands for all.
 */
export const bindToGrafana = (text: string, dialect: Exclude<Dialect, 'duckdb'>): string => {
  const at = (ms: string): string =>
    dialect === 'timestream'
      ? `from_milliseconds(${ms})`
      : `(timestamp '1970-01-01 00:00:00' + (${ms} - ${ms} % 1000) / 1000 * INTERVAL '1' SECOND)`;
  const day = (ms: string, sign: '+' | '-', days: number): string =>
    `cast(cast(${at(ms)} AS date) ${sign} INTERVAL '${days}' DAY AS varchar)`;
  const reference = `(${SHOWN.from} - ${7 * DAY_MS})`;
  const box = (name: string): string => `nullif(\${${name}:sqlstring}, '')`;
  return fill(text, {
    from: at(SHOWN.from),
    to: at(SHOWN.to),
    reference: at(reference),
    from_ms: SHOWN.from,
    to_ms: SHOWN.to,
    reference_ms: reference,
    from_day: day(SHOWN.from, '-', 1),
    to_day: day(SHOWN.to, '+', LATE_MS / DAY_MS),
    reference_day: day(reference, '-', 1),
    reference_to_day: day(SHOWN.from, '+', LATE_MS / DAY_MS),
    cylinder: box('cylinder'),
    site: box('site'),
    database: '"${database}"',
  });
};

/** A time so many days before now, in Athena: as a timestamp, in ms, and as the day of it, moved by some days. */
const daysAgo = (days: number) => ({
  at: `(date_trunc('second', cast(current_timestamp AT TIME ZONE 'UTC' AS timestamp)) - INTERVAL '${days}' DAY)`,
  ms: `((cast(floor(to_unixtime(current_timestamp)) AS bigint) - ${days} * 86400) * 1000)`,
  day: (moved: number): string =>
    `cast(cast(current_timestamp AT TIME ZONE 'UTC' AS date) - INTERVAL '${days - moved}' DAY AS varchar)`,
});

/**
 * Lets a text for Athena ask about the week up to when it is run, of all cylinders: for whoever finds it in the console,
 * where each of these expressions can be written over.
 */
export const bindToLastWeek = (text: string): string => {
  const [to, from, reference] = [daysAgo(0), daysAgo(7), daysAgo(14)];
  return fill(text, {
    from: from.at,
    to: to.at,
    from_ms: from.ms,
    to_ms: to.ms,
    reference_ms: reference.ms,
    from_day: from.day(-1),
    to_day: to.day(0),
    reference_day: reference.day(-1),
    reference_to_day: to.day(0),
    cylinder: textLiteral(undefined),
    site: textLiteral(undefined),
  });
};
