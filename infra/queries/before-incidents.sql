-- What the sensors did in the ten minutes before each incident that began in the last two days.
WITH samples_once AS (
  SELECT *
  FROM (
    SELECT *, row_number() OVER (PARTITION BY cylinder, t, boot, seq ORDER BY received_at) AS copy
    FROM samples
    WHERE day >= cast(cast(current_date - INTERVAL '1' DAY AS date) AS varchar)
  ) AS copies
  WHERE copy = 1
),
incidents_last AS (
  SELECT *
  FROM (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY version DESC) AS newest
    FROM incidents
  ) AS versions
  WHERE newest = 1
)
SELECT
  i.id,
  i.severity,
  (i.began_at - s.t) / 1000 AS seconds_before,
  s.rvibration_temp,
  s.rvibration_z_rms_velocity,
  s.rvibration_x_rms_velocity,
  s.wrmscurrent,
  s.wcurrentload,
  s.wencodervelocity,
  s.probability
FROM incidents_last AS i
JOIN samples_once AS s ON s.cylinder = i.cylinder AND s.t BETWEEN i.began_at - 600000 AND i.began_at
ORDER BY i.id, s.t
