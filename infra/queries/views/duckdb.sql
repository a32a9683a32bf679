-- What the saved queries ask, of a data folder on one machine: the tables of docs/data.md, for the time, the cylinder and
-- the site asked about.

samples_asked AS (
  SELECT *
  FROM samples
  WHERE t >= :from AND t < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
)

reference_asked AS (
  SELECT *
  FROM samples
  WHERE t >= :reference AND t < :from
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
)

hours_asked AS (
  SELECT cylinder, hour, samples, abnormal, probability, probability_max
  FROM rolled_hours
  WHERE hour >= :from AND hour < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM samples_asked))
  UNION ALL
  SELECT
    cylinder,
    date_trunc('hour', t) AS hour,
    count(*) AS samples,
    count(CASE WHEN probability >= 0.5 THEN 1 END) AS abnormal,
    avg(probability) AS probability,
    max(probability) AS probability_max
  FROM samples_asked
  WHERE t >= coalesce((SELECT max(rolled_until) FROM retention), TIMESTAMP '1970-01-01 00:00:00')
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

quarantine_asked AS (
  SELECT cylinder, received_at, reason
  FROM quarantine
  WHERE received_at >= :from AND (:cylinder IS NULL OR cylinder = :cylinder)
)
