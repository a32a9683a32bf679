import { SENSORS } from '../../domain/message/sample.ts';

const SENSOR_HOUR = SENSORS.map(
  (sensor) =>
    `avg("${sensor}") AS "${sensor}", min("${sensor}") AS "${sensor}_min", max("${sensor}") AS "${sensor}_max"`,
).join(',\n  ');

const FIRST = `count(*) AS samples,
  count(*) FILTER (probability >= 0.5) AS abnormal, avg(probability) AS probability, max(probability) AS probability_max,
  ${SENSOR_HOUR}`;

const DELAY_MS = "date_diff('millisecond', t, received_at)";
const SPEED = '"wEncoderVelocity"';

/** What `hours` says besides what it said from the first, and files of earlier versions lack: its type, and how it is counted. */
const ADDED = {
  gateway: ['VARCHAR', 'CASE WHEN min(gateway) = max(gateway) THEN min(gateway) END'],
  first_t: ['TIMESTAMP', 'min(t)'],
  last_t: ['TIMESTAMP', 'max(t)'],
  running: ['BIGINT', `count(*) FILTER (${SPEED} IS NULL OR ${SPEED} > 0)`],
  late: ['BIGINT', `count(*) FILTER (${DELAY_MS} > 60000)`],
  latest_ms: ['BIGINT', `max(${DELAY_MS})`],
} as const;

/** What `rolled_hours` notes besides, so that an hour can be put together with the one before. */
const NOTED = {
  speeds: ['BIGINT', `count(${SPEED})`],
  moving: ['BIGINT', `count(*) FILTER (${SPEED} > 0)`],
  first_speed: ['DOUBLE', `arg_min(${SPEED}, t)`],
  last_speed: ['DOUBLE', `arg_max(${SPEED}, t)`],
} as const;

/** What only a look at each sample and the one before it says. */
const SPACED = {
  seconds: ['BIGINT', 'count(*) FILTER (gap_ms IS NULL OR gap_ms > 0)'],
  longest_gap_ms: ['BIGINT', 'max(gap_ms)'],
  starts: ['BIGINT', 'count(*) FILTER (speed > 0 AND speed_before <= 0)'],
} as const;

const selected = (columns: Readonly<Record<string, readonly [string, string]>>): string =>
  Object.entries(columns)
    .map(([name, [, sql]]) => `${sql} AS ${name}`)
    .join(',\n  ');

const oneOfEach = (what: string, condition: string): string => `
SELECT cylinder, date_trunc('hour', t) AS hour, ${what}
FROM samples WHERE ${condition} GROUP BY ALL`;

/** The columns of `rolled_hours` that a file of the first version that had it has. */
export const firstHours = (condition: string): string => oneOfEach(FIRST, condition);

/** The columns of `rolled_hours` that were added to it. */
export const ADDED_TO_HOURS: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries({ ...ADDED, ...NOTED, ...SPACED }).map(([name, [type]]) => [name, type]),
);

/** One row for each cylinder and hour of the samples of which a condition holds, as `hours` has them. */
export const rollUp = (condition: string): string => oneOfEach(`${FIRST},\n  ${selected(ADDED)}`, condition);

/** The columns of `hours`, of the table of those that are rolled up. */
export const HOUR_COLUMNS = [
  'cylinder',
  'hour',
  'samples',
  'abnormal',
  'probability',
  'probability_max',
  ...SENSORS.flatMap((sensor) => [`"${sensor}"`, `"${sensor}_min"`, `"${sensor}_max"`]),
  ...Object.keys(ADDED),
].join(', ');

/** Writes one row for each cylinder and hour of the samples of which a condition holds into `rolled_hours`. */
export const insertHours = (condition: string): string => `
INSERT INTO rolled_hours BY NAME
SELECT * FROM (${oneOfEach(`${FIRST},\n  ${selected({ ...ADDED, ...NOTED })}`, condition)}) AS counted
JOIN (
  SELECT cylinder, hour, ${selected(SPACED)}
  FROM (
    SELECT cylinder, hour, speed, date_diff('millisecond', lag(t) OVER spaced, t) AS gap_ms,
      lag(speed IGNORE NULLS) OVER spaced AS speed_before
    FROM (SELECT cylinder, date_trunc('hour', t) AS hour, t, ${SPEED} AS speed FROM samples WHERE ${condition})
    WINDOW spaced AS (PARTITION BY cylinder, hour ORDER BY t)
  )
  GROUP BY ALL
) AS spaced USING (cylinder, hour)`;
