WITH moves AS (
  SELECT
    cylinder,
    speeds,
    moving,
    starts,
    first_speed > 0 AND lag(last_speed) OVER (PARTITION BY cylinder ORDER BY hour) <= 0 AS starts_between
  FROM spaced_hours_asked
  WHERE speeds > 0
)
SELECT
  cylinder,
  sum(speeds) / 3600e0 AS observed_hours,
  sum(moving) / 3600e0 AS running_hours,
  sum(starts) + count(CASE WHEN starts_between THEN 1 END) AS starts,
  sum(moving) * 1e0 / sum(speeds) AS duty
FROM moves
GROUP BY 1
ORDER BY 1
