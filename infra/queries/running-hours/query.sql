-- How long each cylinder was seen and ran, and how often it started, at one sample a second.
-- Column observed_hours: hours of samples
-- Column running_hours: of these, with the encoder above 0 RPM
-- Column starts: how often the encoder went from standstill to motion
-- Column duty: running / observed, 0 to 1
WITH moves AS (
  SELECT
    cylinder,
    "wEncoderVelocity" AS speed,
    lag("wEncoderVelocity") OVER (PARTITION BY cylinder ORDER BY t) AS speed_before
  FROM samples_asked
  WHERE "wEncoderVelocity" IS NOT NULL
)
SELECT
  cylinder,
  count(*) / 3600e0 AS observed_hours,
  count(CASE WHEN speed > 0 THEN 1 END) / 3600e0 AS running_hours,
  count(CASE WHEN speed > 0 AND speed_before <= 0 THEN 1 END) AS starts,
  count(CASE WHEN speed > 0 THEN 1 END) * 1e0 / count(*) AS duty
FROM moves
GROUP BY 1
ORDER BY 1
