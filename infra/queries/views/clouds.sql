-- What the saved queries ask of both stores of AWS alike, over the views that each has of its own.

messages_asked AS (
  -- Arrivals of each cylinder in each hour; a message whose samples lie in two hours is counted in the first.
  SELECT
    gateway,
    cylinder,
    hour,
    samples,
    CASE WHEN date_diff('millisecond', lag(hour) OVER (PARTITION BY gateway, cylinder, received_at ORDER BY hour), hour) = 3600000
      THEN 0 ELSE 1 END AS messages
  FROM (
    SELECT gateway, cylinder, received_at, date_trunc('hour', t) AS hour, count(*) AS samples
    FROM samples_asked
    GROUP BY 1, 2, 3, 4
  ) AS arrivals
)

spaced_asked AS (
  -- Each sample that may end a gap, with the one before it.
  SELECT cylinder, gateway, lag(t) OVER (PARTITION BY cylinder ORDER BY t) AS began_at, t AS ended_at
  FROM samples_asked
)

parts_asked AS (
  -- What each model scored, a sample at a time.
  SELECT
    cylinder, model, t AS first_t, t AS last_t, 1 AS samples, CASE WHEN probability >= 0.5 THEN 1 ELSE 0 END AS abnormal,
    probability
  FROM samples_asked
)

days_asked AS (
  -- How many samples each cylinder has of each day, how far apart, and how late they came.
  SELECT
    cylinder,
    day,
    count(*) AS samples,
    count(CASE WHEN gap_ms IS NULL OR gap_ms > 0 THEN 1 END) AS seconds,
    max(gap_ms) AS longest_gap_ms,
    count(CASE WHEN delay_ms > 60000 THEN 1 END) AS late,
    max(delay_ms) AS latest_ms
  FROM (
    SELECT
      cylinder,
      date_trunc('day', t) AS day,
      date_diff('millisecond', t, received_at) AS delay_ms,
      date_diff('millisecond', lag(t) OVER (PARTITION BY cylinder, date_trunc('day', t) ORDER BY t), t) AS gap_ms
    FROM samples_asked
  ) AS spaced
  GROUP BY 1, 2
)

measured_asked AS (
  -- What drift compares, and how many bins a unit of it is divided into: 0.2 °C, 0.05 mm/s, 0.1 A, 1 %, 10 RPM and 0.1.
  SELECT 'temperature' AS what, 5e0 AS a_unit
  UNION ALL SELECT 'vibration-z' AS what, 20e0 AS a_unit
  UNION ALL SELECT 'vibration-x' AS what, 20e0 AS a_unit
  UNION ALL SELECT 'current' AS what, 10e0 AS a_unit
  UNION ALL SELECT 'load' AS what, 1e0 AS a_unit
  UNION ALL SELECT 'encoder' AS what, 1e-1 AS a_unit
  UNION ALL SELECT 'score' AS what, 10e0 AS a_unit
)
