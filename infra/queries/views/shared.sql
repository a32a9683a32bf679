-- What the saved queries ask of every store that has no view of the same name of its own. Athena tells
-- no capitals apart, in quotes either: https://trino.io/docs/current/language/reserved.html#identifiers

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

moves_asked AS (
  -- Whether the encoder moved, and whether it had just started, a sample at a time.
  SELECT
    cylinder,
    1 AS speeds,
    CASE WHEN speed > 0 THEN 1 ELSE 0 END AS moving,
    CASE WHEN speed > 0 AND speed_before <= 0 THEN 1 ELSE 0 END AS starts
  FROM (
    SELECT cylinder, "wEncoderVelocity" AS speed, lag("wEncoderVelocity") OVER (PARTITION BY cylinder ORDER BY t) AS speed_before
    FROM samples_asked
    WHERE "wEncoderVelocity" IS NOT NULL
  ) AS seen
)

course_asked AS (
  -- Samples in their part of the time asked about. A value stands beside how many samples it is the mean of.
  SELECT
    cylinder,
    CASE WHEN date_diff('millisecond', :from, :to) > 108000000
      THEN floor(date_diff('millisecond', date_trunc('hour', :from), t)
        / (ceil(date_diff('millisecond', :from, :to) / 216000000e0) * 3600000e0))
      ELSE floor(date_diff('millisecond', :from, t) * 60e0 / date_diff('millisecond', :from, :to)) END AS part,
    t,
    1 AS samples,
    CASE WHEN probability >= 0.5 THEN 1 ELSE 0 END AS abnormal,
    probability,
    probability AS probability_max,
    "rVibration_Temp" AS temp, CASE WHEN "rVibration_Temp" IS NULL THEN 0 ELSE 1 END AS temps,
    "rVibration_Z_RMS_Velocity" AS z, CASE WHEN "rVibration_Z_RMS_Velocity" IS NULL THEN 0 ELSE 1 END AS zs,
    "rVibration_X_RMS_Velocity" AS x, CASE WHEN "rVibration_X_RMS_Velocity" IS NULL THEN 0 ELSE 1 END AS xs,
    "wRMSCurrent" AS current_a, CASE WHEN "wRMSCurrent" IS NULL THEN 0 ELSE 1 END AS currents,
    "wCurrentLoad" AS load, CASE WHEN "wCurrentLoad" IS NULL THEN 0 ELSE 1 END AS loads,
    "wEncoderVelocity" AS encoder, CASE WHEN "wEncoderVelocity" IS NULL THEN 0 ELSE 1 END AS encoders
  FROM samples_asked
)

bins_asked AS (
  -- How many values of each sensor and of the score lie in each step, and what they sum up to.
  SELECT what, least(1e6, greatest(-1e6, floor(value * a_unit))) AS bin, count(*) AS samples, sum(value) AS total
  FROM (
    SELECT
      what,
      a_unit,
      CASE what
        WHEN 'temperature' THEN "rVibration_Temp" WHEN 'vibration-z' THEN "rVibration_Z_RMS_Velocity"
        WHEN 'vibration-x' THEN "rVibration_X_RMS_Velocity" WHEN 'current' THEN "wRMSCurrent"
        WHEN 'load' THEN "wCurrentLoad" WHEN 'encoder' THEN "wEncoderVelocity" ELSE probability
      END AS value
    FROM samples_asked CROSS JOIN measured_asked
  ) AS measured
  WHERE value IS NOT NULL
  GROUP BY 1, 2
)

hours_asked AS (
  SELECT
    cylinder,
    date_trunc('hour', t) AS hour,
    count(*) AS samples,
    count(CASE WHEN probability >= 0.5 THEN 1 END) AS abnormal,
    avg(probability) AS probability,
    max(probability) AS probability_max,
    count(CASE WHEN "wEncoderVelocity" IS NULL OR "wEncoderVelocity" > 0 THEN 1 END) AS running
  FROM samples_asked
  GROUP BY 1, 2
)

near_asked AS (
  -- The samples of the hour before each incident, and of the hour that ended a day before it began.
  SELECT
    i.id,
    i.cylinder,
    i.began_at,
    date_diff('millisecond', s.t, i.began_at) <= 3600000 AS before,
    s."rVibration_Temp" AS temp,
    s."rVibration_Z_RMS_Velocity" AS z,
    s."rVibration_X_RMS_Velocity" AS x,
    s."wRMSCurrent" AS current_a,
    s."wCurrentLoad" AS load,
    s."wEncoderVelocity" AS encoder
  FROM incidents_asked AS i
  JOIN samples_asked AS s ON s.cylinder = i.cylinder
  WHERE date_diff('millisecond', s.t, i.began_at) BETWEEN 1 AND 3600000
    OR date_diff('millisecond', s.t, i.began_at) BETWEEN 86400001 AND 90000000
)
