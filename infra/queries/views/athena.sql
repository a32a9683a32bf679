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

moves_asked AS (
  -- Whether the encoder moved, and whether it had just started, a sample at a time.
  SELECT
    cylinder,
    1 AS speeds,
    CASE WHEN speed > 0 THEN 1 ELSE 0 END AS moving,
    CASE WHEN speed > 0 AND speed_before <= 0 THEN 1 ELSE 0 END AS starts
  FROM (
    SELECT cylinder, wencodervelocity AS speed, lag(wencodervelocity) OVER (PARTITION BY cylinder ORDER BY t) AS speed_before
    FROM samples_asked
    WHERE wencodervelocity IS NOT NULL
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
    rvibration_temp AS temp, CASE WHEN rvibration_temp IS NULL THEN 0 ELSE 1 END AS temps,
    rvibration_z_rms_velocity AS z, CASE WHEN rvibration_z_rms_velocity IS NULL THEN 0 ELSE 1 END AS zs,
    rvibration_x_rms_velocity AS x, CASE WHEN rvibration_x_rms_velocity IS NULL THEN 0 ELSE 1 END AS xs,
    wrmscurrent AS current_a, CASE WHEN wrmscurrent IS NULL THEN 0 ELSE 1 END AS currents,
    wcurrentload AS load, CASE WHEN wcurrentload IS NULL THEN 0 ELSE 1 END AS loads,
    wencodervelocity AS encoder, CASE WHEN wencodervelocity IS NULL THEN 0 ELSE 1 END AS encoders
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
        WHEN 'temperature' THEN rvibration_temp WHEN 'vibration-z' THEN rvibration_z_rms_velocity
        WHEN 'vibration-x' THEN rvibration_x_rms_velocity WHEN 'current' THEN wrmscurrent
        WHEN 'load' THEN wcurrentload WHEN 'encoder' THEN wencodervelocity ELSE probability
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
    count(CASE WHEN wencodervelocity IS NULL OR wencodervelocity > 0 THEN 1 END) AS running
  FROM samples_asked
  GROUP BY 1, 2
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

near_asked AS (
  -- The samples of the hour before each incident, and of the hour that ended a day before it began.
  SELECT
    i.id,
    i.cylinder,
    i.began_at,
    date_diff('millisecond', s.t, i.began_at) <= 3600000 AS before,
    s.rvibration_temp AS temp,
    s.rvibration_z_rms_velocity AS z,
    s.rvibration_x_rms_velocity AS x,
    s.wrmscurrent AS current_a,
    s.wcurrentload AS load,
    s.wencodervelocity AS encoder
  FROM incidents_asked AS i
  JOIN samples_asked AS s ON s.cylinder = i.cylinder
  WHERE date_diff('millisecond', s.t, i.began_at) BETWEEN 1 AND 3600000
    OR date_diff('millisecond', s.t, i.began_at) BETWEEN 86400001 AND 90000000
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
