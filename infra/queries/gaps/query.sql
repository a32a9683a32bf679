-- Stretches of more than ten seconds of which a cylinder has no sample, with the cause where one is known.
-- Column began_at: the last sample before, UTC
-- Column ended_at: the first sample after, UTC
-- Column seconds: between the two
-- Column cause: gateway-offline, cylinder-offline or quarantined; empty where nothing says why
WITH missing AS (
  SELECT cylinder, gateway, began_at, ended_at, date_diff('millisecond', began_at, ended_at) / 1000e0 AS seconds
  FROM spaced_asked
  WHERE date_diff('millisecond', began_at, ended_at) > 10000
)
SELECT
  missing.cylinder,
  missing.gateway,
  missing.began_at,
  missing.ended_at,
  missing.seconds,
  max(CASE
    WHEN offline_asked.made_at IS NOT NULL AND offline_asked.cylinder IS NULL THEN 'gateway-offline'
    WHEN offline_asked.made_at IS NOT NULL THEN 'cylinder-offline'
    WHEN quarantine_asked.received_at IS NOT NULL THEN 'quarantined'
  END) AS cause
FROM missing
LEFT JOIN offline_asked
  ON (offline_asked.cylinder = missing.cylinder OR (offline_asked.cylinder IS NULL AND offline_asked.gateway = missing.gateway))
  AND offline_asked.made_at > missing.began_at AND offline_asked.made_at < missing.ended_at
LEFT JOIN quarantine_asked
  ON quarantine_asked.cylinder = missing.cylinder
  AND quarantine_asked.received_at > missing.began_at AND quarantine_asked.received_at < missing.ended_at
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 3
