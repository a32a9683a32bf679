-- What the saved queries ask, of the lake: each sample once, as it was received first, and each incident as it stands, with
-- what was noted of it once. `day` is the UTC day of arrival: what comes up to thirty days late is found.

samples_asked AS (
  SELECT
    cylinder, gateway, timestamp '1970-01-01 00:00:00' + (t - t % 1000) / 1000 * INTERVAL '1' SECOND
      + t % 1000 * INTERVAL '0.001' SECOND AS t, boot, seq, model,
    rvibration_temp, rvibration_z_rms_velocity, rvibration_x_rms_velocity, wrmscurrent, wcurrentload, wencodervelocity,
    probability, why, timestamp '1970-01-01 00:00:00' + (received_at - received_at % 1000) / 1000 * INTERVAL '1' SECOND
      + received_at % 1000 * INTERVAL '0.001' SECOND AS received_at
  FROM (
    SELECT *, row_number() OVER (PARTITION BY cylinder, t, boot, seq ORDER BY received_at) AS copy
    FROM samples
    WHERE day BETWEEN :from_day AND :to_day AND t >= :from_ms AND t < :to_ms
      AND (:cylinder IS NULL OR cylinder = :cylinder)
      AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
  ) AS copies
  WHERE copy = 1
)

incidents_asked AS (
  SELECT
    id, cylinder, gateway, severity, reopenings, ended_by, acknowledged_by, closed_by, outcome, mode, comment, advice, why,
    model, policy,
    timestamp '1970-01-01 00:00:00' + (began_at - began_at % 1000) / 1000 * INTERVAL '1' SECOND
      + began_at % 1000 * INTERVAL '0.001' SECOND AS began_at,
    timestamp '1970-01-01 00:00:00' + (raised_at - raised_at % 1000) / 1000 * INTERVAL '1' SECOND
      + raised_at % 1000 * INTERVAL '0.001' SECOND AS raised_at,
    timestamp '1970-01-01 00:00:00' + (last_abnormal_at - last_abnormal_at % 1000) / 1000 * INTERVAL '1' SECOND
      + last_abnormal_at % 1000 * INTERVAL '0.001' SECOND AS last_abnormal_at,
    timestamp '1970-01-01 00:00:00' + (cleared_at - cleared_at % 1000) / 1000 * INTERVAL '1' SECOND
      + cleared_at % 1000 * INTERVAL '0.001' SECOND AS cleared_at,
    timestamp '1970-01-01 00:00:00' + (told_at - told_at % 1000) / 1000 * INTERVAL '1' SECOND
      + told_at % 1000 * INTERVAL '0.001' SECOND AS told_at,
    timestamp '1970-01-01 00:00:00' + (acknowledged_at - acknowledged_at % 1000) / 1000 * INTERVAL '1' SECOND
      + acknowledged_at % 1000 * INTERVAL '0.001' SECOND AS acknowledged_at,
    timestamp '1970-01-01 00:00:00' + (closed_at - closed_at % 1000) / 1000 * INTERVAL '1' SECOND
      + closed_at % 1000 * INTERVAL '0.001' SECOND AS closed_at
  FROM (
    SELECT
      id, cylinder, gateway, severity, reopenings, ended_by, acknowledged_by, closed_by, outcome, mode, comment, began_at,
      raised_at, last_abnormal_at, cleared_at,
      row_number() OVER (PARTITION BY id ORDER BY version DESC) AS newest,
      min(told_at) OVER (PARTITION BY id) AS told_at,
      min(acknowledged_at) OVER (PARTITION BY id) AS acknowledged_at,
      min(closed_at) OVER (PARTITION BY id) AS closed_at,
      min(advice) OVER (PARTITION BY id) AS advice,
      min(why) OVER (PARTITION BY id) AS why,
      min(model) OVER (PARTITION BY id) AS model,
      min(policy) OVER (PARTITION BY id) AS policy
    FROM incidents
    WHERE raised_at >= :from_ms AND raised_at < :to_ms
      AND (:cylinder IS NULL OR cylinder = :cylinder)
      AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
  ) AS versions
  WHERE newest = 1
)

sent_asked AS (
  -- One that was stored twice is the same in all columns.
  SELECT DISTINCT
    id, type, cylinder, gateway, incident,
    timestamp '1970-01-01 00:00:00' + (made_at - made_at % 1000) / 1000 * INTERVAL '1' SECOND
      + made_at % 1000 * INTERVAL '0.001' SECOND AS made_at
  FROM notices
  WHERE day BETWEEN :from_day AND :to_day AND made_at >= :from_ms AND made_at < :to_ms
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
      OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

notices_asked AS (
  SELECT id, type, cylinder, gateway, incident, made_at FROM sent_asked
  UNION ALL
  -- Of before there was a table of notices only the first one of each incident is known.
  SELECT id, 'RAISED' AS type, cylinder, gateway, id AS incident, told_at AS made_at
  FROM incidents_asked
  WHERE told_at IS NOT NULL AND told_at < :to
    AND id NOT IN (SELECT incident FROM sent_asked WHERE incident IS NOT NULL)
)

offline_asked AS (
  SELECT DISTINCT
    cylinder, gateway,
    timestamp '1970-01-01 00:00:00' + (made_at - made_at % 1000) / 1000 * INTERVAL '1' SECOND
      + made_at % 1000 * INTERVAL '0.001' SECOND AS made_at
  FROM notices
  WHERE type = 'OFFLINE' AND day BETWEEN :from_day AND :to_day AND made_at >= :from_ms
)

transitions_asked AS (
  SELECT
    incident, cylinder, timestamp '1970-01-01 00:00:00' + (t - t % 1000) / 1000 * INTERVAL '1' SECOND
      + t % 1000 * INTERVAL '0.001' SECOND AS t, kind, cause
  FROM (
    SELECT DISTINCT incident, cylinder, t, kind, cause, step
    FROM transitions
    WHERE day BETWEEN :from_day AND :to_day AND t >= :from_ms AND t < :to_ms
      AND (:cylinder IS NULL OR cylinder = :cylinder)
      AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
  ) AS once
)

commands_asked AS (
  SELECT
    incident, cylinder, timestamp '1970-01-01 00:00:00' + (t - t % 1000) / 1000 * INTERVAL '1' SECOND
      + t % 1000 * INTERVAL '0.001' SECOND AS t, kind, given_by, words
  FROM (
    SELECT DISTINCT incident, cylinder, t, kind, given_by, words, step
    FROM commands
    WHERE day BETWEEN :from_day AND :to_day AND t >= :from_ms AND t < :to_ms
      AND (:cylinder IS NULL OR cylinder = :cylinder)
      AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
  ) AS once
)

quarantine_asked AS (
  SELECT
    cylinder,
    timestamp '1970-01-01 00:00:00' + (received_at - received_at % 1000) / 1000 * INTERVAL '1' SECOND
      + received_at % 1000 * INTERVAL '0.001' SECOND AS received_at,
    reason
  FROM (
    SELECT DISTINCT cylinder, received_at, reason, message, place
    FROM quarantine
    WHERE day BETWEEN :from_day AND :to_day AND received_at >= :from_ms
      AND (:cylinder IS NULL OR cylinder = :cylinder)
  ) AS once
)
