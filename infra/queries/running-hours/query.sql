-- How long each cylinder was seen and ran, and how often it started, at one sample a second.
-- Column observed_hours: hours of samples
-- Column running_hours: of these, with the encoder above 0 RPM
-- Column starts: how often the encoder went from standstill to motion
-- Column duty: running / observed, 0 to 1
SELECT
  cylinder,
  sum(speeds) / 3600e0 AS observed_hours,
  sum(moving) / 3600e0 AS running_hours,
  sum(starts) AS starts,
  sum(moving) * 1e0 / sum(speeds) AS duty
FROM moves_asked
GROUP BY 1
ORDER BY 1
