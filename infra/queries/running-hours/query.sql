SELECT
  cylinder,
  sum(speeds) / 3600e0 AS observed_hours,
  sum(moving) / 3600e0 AS running_hours,
  sum(starts) AS starts,
  sum(moving) * 1e0 / sum(speeds) AS duty
FROM moves_asked
GROUP BY 1
ORDER BY 1
