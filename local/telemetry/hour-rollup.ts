import { SENSORS, type Sensor } from '../../domain/message/sample.ts';

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

/** How many bins a unit of each sensor is divided into, for good: steps of 0.2 °C, 0.05 mm/s, 0.1 A, 1 % and 10 RPM. */
const BINS_A_UNIT: Readonly<Record<Sensor, string>> = {
  rVibration_Temp: '5e0',
  rVibration_Z_RMS_Velocity: '20e0',
  rVibration_X_RMS_Velocity: '20e0',
  wRMSCurrent: '10e0',
  wCurrentLoad: '1e0',
  wEncoderVelocity: '0.1e0',
};

const MAX_BIN = '1e6';
const binsOf = (column: string, aUnit: string): readonly [type: string, sql: string] => [
  'MAP(INTEGER, UBIGINT)',
  `histogram(least(${MAX_BIN}, greatest(-${MAX_BIN}, floor("${column}" * ${aUnit})))::INTEGER) FILTER ("${column}" IS NOT NULL)`,
];

/** How many samples lie in each bin of each sensor and of the score, which has bins of 0.1; as the views `bins_asked` have it. */
const BINS: Readonly<Record<string, readonly [type: string, sql: string]>> = {
  ...Object.fromEntries(
    SENSORS.map((sensor) => [`"${sensor}_bins"`, binsOf(sensor, BINS_A_UNIT[sensor])] as const),
  ),
  probability_bins: binsOf('probability', '10e0'),
};

/** A cylinder has a gap where it is without a sample for longer than that. */
const GAP_MS = 10_000;

/** What only a look at each sample and the one before it says. */
const SPACED = {
  seconds: ['BIGINT', 'count(*) FILTER (gap_ms IS NULL OR gap_ms > 0)'],
  longest_gap_ms: ['BIGINT', 'max(gap_ms)'],
  starts: ['BIGINT', 'count(*) FILTER (speed > 0 AND speed_before <= 0)'],
  first_gateway: ['VARCHAR', 'arg_min(gateway, t)'],
  gaps: [
    'STRUCT(gateway VARCHAR, began_at TIMESTAMP, ended_at TIMESTAMP)[]',
    `list({gateway: gateway, began_at: t_before, ended_at: t} ORDER BY t) FILTER (gap_ms > ${GAP_MS})`,
  ],
} as const;

/** What came of an hour by each gateway and scored by each model; an hour has them if it is of a version that knew them. */
const PARTS = {
  parts: [
    `STRUCT(gateway VARCHAR, model VARCHAR, samples BIGINT, abnormal BIGINT, probability DOUBLE, messages BIGINT,
    first_t TIMESTAMP, last_t TIMESTAMP, first_received TIMESTAMP, last_received TIMESTAMP)[]`,
    `list({gateway: gateway, model: model, samples: samples, abnormal: abnormal, probability: probability, messages: messages,
    first_t: first_t, last_t: last_t, first_received: first_received, last_received: last_received})`,
  ],
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
  Object.entries({ ...ADDED, ...NOTED, ...BINS, ...SPACED, ...PARTS }).map(([name, [type]]) => [name, type]),
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

const spaced = (condition: string): string => `
  SELECT cylinder, hour, ${selected(SPACED)}
  FROM (
    SELECT cylinder, hour, gateway, t, speed, lag(t) OVER spaced AS t_before,
      date_diff('millisecond', lag(t) OVER spaced, t) AS gap_ms, lag(speed IGNORE NULLS) OVER spaced AS speed_before
    FROM (SELECT cylinder, date_trunc('hour', t) AS hour, gateway, t, ${SPEED} AS speed FROM samples WHERE ${condition})
    WINDOW spaced AS (PARTITION BY cylinder, hour ORDER BY t)
  )
  GROUP BY ALL`;

/** A message is what arrived of a cylinder at one time: counted first, so that not every sample's time of arrival is kept. */
const parted = (condition: string): string => `
  SELECT cylinder, hour, ${selected(PARTS)}
  FROM (
    SELECT cylinder, hour, gateway, model, sum(samples)::BIGINT AS samples, sum(abnormal)::BIGINT AS abnormal,
      sum(score) / sum(samples) AS probability, count(*) AS messages, min(first_t) AS first_t, max(last_t) AS last_t,
      arg_min(received_at, first_t) AS first_received, arg_max(received_at, last_t) AS last_received
    FROM (
      SELECT cylinder, date_trunc('hour', t) AS hour, gateway, model, received_at, count(*) AS samples,
        count(*) FILTER (probability >= 0.5) AS abnormal, sum(probability) AS score, min(t) AS first_t, max(t) AS last_t
      FROM samples WHERE ${condition}
      GROUP BY ALL
    )
    GROUP BY ALL
  )
  GROUP BY ALL`;

/** Writes one row for each cylinder and hour of the samples of which a condition holds into a table like `rolled_hours`. */
export const insertHours = (condition: string, into = 'rolled_hours'): string => `
INSERT INTO ${into} BY NAME
SELECT * FROM (${oneOfEach(`${FIRST},\n  ${selected({ ...ADDED, ...NOTED, ...BINS })}`, condition)}) AS counted
JOIN (${spaced(condition)}) AS spaced USING (cylinder, hour)
JOIN (${parted(condition)}) AS parted USING (cylinder, hour)`;
