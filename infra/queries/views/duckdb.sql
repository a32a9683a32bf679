-- What the saved queries ask, of a data folder on one machine: the tables of docs/data.md, for the time, the cylinder and
-- the site asked about.
-- NOT MATERIALIZED, since DuckDB would else copy all samples that are asked about before it looks at one.

samples_asked AS NOT MATERIALIZED (
  SELECT *
  FROM samples
  WHERE t >= :from AND t < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
)

reference_asked AS NOT MATERIALIZED (
  SELECT *
  FROM samples
  WHERE t >= :reference AND t < :from
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
)

until_asked AS (
  -- Until when hours are rolled up, and until when their samples are gone.
  SELECT
    coalesce((SELECT max(t) FROM hours_until), TIMESTAMP '1970-01-01 00:00:00') AS rolled,
    coalesce((SELECT max(rolled_until) FROM retention), TIMESTAMP '1970-01-01 00:00:00') AS gone
)

unsettled_asked AS NOT MATERIALIZED (
  -- Hours of a cylinder that have to be counted from their samples: of which some came late, or came by several gateways.
  SELECT cylinder, hour FROM late_hours
  UNION
  SELECT cylinder, hour FROM rolled_hours
  WHERE :site IS NOT NULL AND gateway IS NULL AND hour >= (SELECT gone FROM until_asked)
)

unrolled_asked AS NOT MATERIALIZED (
  SELECT * FROM samples_asked WHERE t < :from_hour
  UNION ALL
  SELECT * FROM samples_asked WHERE t >= :to_hour
  UNION ALL
  SELECT * FROM samples_asked WHERE t >= :from_hour AND t < :to_hour AND t >= (SELECT rolled FROM until_asked)
  UNION ALL
  SELECT samples_asked.*
  FROM samples_asked
  JOIN unsettled_asked ON unsettled_asked.cylinder = samples_asked.cylinder
    AND t >= unsettled_asked.hour AND t < unsettled_asked.hour + INTERVAL 1 HOUR
  WHERE t >= :from_hour AND t < :to_hour AND unsettled_asked.hour < (SELECT rolled FROM until_asked)
)

rolled_hours_asked AS NOT MATERIALIZED (
  SELECT *
  FROM rolled_hours
  WHERE hour >= :from_hour AND hour < :to_hour AND hour < (SELECT rolled FROM until_asked)
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
      OR (gateway IS NULL AND hour < (SELECT gone FROM until_asked) AND cylinder IN (
        SELECT cylinder FROM rolled_hours WHERE gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
        UNION ALL SELECT cylinder FROM unrolled_asked)))
    AND NOT EXISTS (FROM unsettled_asked AS u WHERE u.cylinder = rolled_hours.cylinder AND u.hour = rolled_hours.hour)
)

hours_asked AS NOT MATERIALIZED (
  SELECT cylinder, hour, samples, abnormal, probability, probability_max, running FROM rolled_hours_asked
  UNION ALL
  SELECT
    cylinder,
    date_trunc('hour', t) AS hour,
    count(*) AS samples,
    count(CASE WHEN probability >= 0.5 THEN 1 END) AS abnormal,
    avg(probability) AS probability,
    max(probability) AS probability_max,
    count(CASE WHEN "wEncoderVelocity" IS NULL OR "wEncoderVelocity" > 0 THEN 1 END) AS running
  FROM unrolled_asked
  GROUP BY 1, 2
)

spaced_hours_asked AS NOT MATERIALIZED (
  -- What only a look at each sample and the one before it says; not known of hours that an earlier version rolled up.
  SELECT
    cylinder, hour, samples, first_t, last_t, late, latest_ms, seconds, longest_gap_ms,
    speeds, moving, first_speed, last_speed, starts
  FROM rolled_hours_asked
  WHERE seconds IS NOT NULL
  UNION ALL
  SELECT
    cylinder,
    hour,
    count(*) AS samples,
    min(t) AS first_t,
    max(t) AS last_t,
    count(CASE WHEN date_diff('millisecond', t, received_at) > 60000 THEN 1 END) AS late,
    max(date_diff('millisecond', t, received_at)) AS latest_ms,
    count(CASE WHEN gap_ms IS NULL OR gap_ms > 0 THEN 1 END) AS seconds,
    max(gap_ms) AS longest_gap_ms,
    count(speed) AS speeds,
    count(CASE WHEN speed > 0 THEN 1 END) AS moving,
    arg_min(speed, t) AS first_speed,
    arg_max(speed, t) AS last_speed,
    count(CASE WHEN speed > 0 AND speed_before <= 0 THEN 1 END) AS starts
  FROM (
    SELECT
      cylinder, hour, t, received_at, speed,
      date_diff('millisecond', lag(t) OVER spaced, t) AS gap_ms,
      lag(speed IGNORE NULLS) OVER spaced AS speed_before
    FROM (
      SELECT cylinder, date_trunc('hour', t) AS hour, t, received_at, "wEncoderVelocity" AS speed FROM unrolled_asked
    ) AS seen
    WINDOW spaced AS (PARTITION BY cylinder, hour ORDER BY t)
  ) AS looked
  GROUP BY 1, 2
)

incidents_asked AS (
  SELECT *
  FROM incidents
  WHERE raised_at >= :from AND raised_at < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
)

notices_asked AS (
  SELECT id, type, cylinder, gateway, incident, min(made_at) AS made_at
  FROM notices
  WHERE made_at >= :from AND made_at < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
      OR cylinder IN (SELECT cylinder FROM incidents_asked))
  GROUP BY 1, 2, 3, 4, 5
)

offline_asked AS (
  SELECT cylinder, gateway, made_at
  FROM notices
  WHERE type = 'OFFLINE' AND made_at >= :from
)

transitions_asked AS (
  SELECT *
  FROM transitions
  WHERE t >= :from AND t < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

commands_asked AS (
  SELECT *
  FROM commands
  WHERE t >= :from AND t < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

quarantine_asked AS (
  SELECT cylinder, received_at, reason
  FROM quarantine
  WHERE received_at >= :from AND (:cylinder IS NULL OR cylinder = :cylinder)
)
