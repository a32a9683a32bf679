-- What the saved queries ask, of Timestream: a sample that arrived twice is one row there, an incident is one row for its
-- state and one for each thing that was noted of it once. :database is the stack's output TelemetryDatabaseName.

samples_asked AS (
  SELECT
    cylinder, gateway, date_trunc('millisecond', time) AS t, boot, seq, model, "rVibration_Temp",
    "rVibration_Z_RMS_Velocity", "rVibration_X_RMS_Velocity", "wRMSCurrent", "wCurrentLoad", "wEncoderVelocity",
    probability, from_milliseconds(received_at) AS received_at
  FROM :database."samples"
  WHERE measure_name = 'sample' AND time >= :from AND time < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
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

incidents_asked AS (
  SELECT
    incident AS id, cylinder,
    max(incident_gateway) AS gateway, max(severity) AS severity, max(reopenings) AS reopenings, max(ended_by) AS ended_by,
    max(acknowledged_by) AS acknowledged_by, max(closed_by) AS closed_by, max(outcome) AS outcome, max(mode) AS mode,
    ARRAY[max(why1), max(why2), max(why3), max(why4), max(why5), max(why6)] AS why,
    max(comment) AS comment, max(advice) AS advice, max(incident_model) AS model, max(policy) AS policy,
    from_milliseconds(max(began_at)) AS began_at,
    from_milliseconds(max(raised_at)) AS raised_at,
    from_milliseconds(max(last_abnormal_at)) AS last_abnormal_at,
    from_milliseconds(max(cleared_at)) AS cleared_at,
    from_milliseconds(max(told_at)) AS told_at,
    from_milliseconds(max(acknowledged_at)) AS acknowledged_at,
    from_milliseconds(max(closed_at)) AS closed_at
  FROM :database."incidents"
  WHERE measure_name IN ('incident', 'raise', 'told', 'acknowledgement', 'closing') AND time >= :from AND time < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
  GROUP BY 1, 2
  HAVING :site IS NULL OR max(incident_gateway) = :site
    OR substr(max(incident_gateway), 1, length(:site) + 1) = :site || '-'
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

sent_asked AS (
  SELECT
    notice AS id, type, nullif(cylinder, '*') AS cylinder, gateway, incident,
    date_trunc('millisecond', time) AS made_at
  FROM :database."incidents"
  WHERE measure_name = 'notice' AND time >= :from AND time < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
      OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

notices_asked AS (
  SELECT id, type, cylinder, gateway, incident, made_at FROM sent_asked
  UNION ALL
  -- Of before notices were stored only the first one of each incident is known.
  SELECT id, 'RAISED' AS type, cylinder, gateway, id AS incident, told_at AS made_at
  FROM incidents_asked
  WHERE told_at IS NOT NULL AND told_at < :to
    AND id NOT IN (SELECT incident FROM sent_asked WHERE incident IS NOT NULL)
)

offline_asked AS (
  SELECT nullif(cylinder, '*') AS cylinder, gateway, date_trunc('millisecond', time) AS made_at
  FROM :database."incidents"
  WHERE measure_name = 'notice' AND type = 'OFFLINE' AND time >= :from
    AND (:cylinder IS NULL OR cylinder = :cylinder OR cylinder = '*')
)

transitions_asked AS (
  SELECT incident, cylinder, date_trunc('millisecond', time) AS t, kind, cause
  FROM :database."incidents"
  WHERE measure_name = 'transition' AND time >= :from AND time < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

commands_asked AS (
  SELECT incident, cylinder, date_trunc('millisecond', time) AS t, kind, given_by, words
  FROM :database."incidents"
  WHERE measure_name = 'command' AND time >= :from AND time < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

quarantine_asked AS (
  SELECT nullif(cylinder, '*') AS cylinder, date_trunc('millisecond', time) AS received_at, reason
  FROM :database."samples"
  WHERE measure_name = 'quarantine' AND time >= :from
    AND (:cylinder IS NULL OR cylinder = :cylinder)
)
