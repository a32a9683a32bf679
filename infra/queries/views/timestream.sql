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
