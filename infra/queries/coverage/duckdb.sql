WITH hours AS (
  SELECT
    cylinder,
    date_trunc('day', hour) AS day,
    samples,
    seconds,
    longest_gap_ms,
    date_diff('millisecond', lag(last_t) OVER (PARTITION BY cylinder, date_trunc('day', hour) ORDER BY hour), first_t) AS gap_ms,
    late,
    latest_ms
  FROM spaced_hours_asked
),
days AS (
  SELECT
    cylinder,
    day,
    sum(samples) AS samples,
    sum(seconds) AS seconds,
    max(greatest(longest_gap_ms, gap_ms)) / 1000e0 AS longest_gap_s,
    sum(late) AS late,
    max(latest_ms) / 1000e0 AS latest_s
  FROM hours
  GROUP BY 1, 2
)
SELECT
  cylinder,
  day,
  samples,
  seconds,
  least(1e0, seconds / greatest(1e0, (86400000
    - CASE WHEN :from > day THEN date_diff('millisecond', day, :from) ELSE 0 END
    - CASE WHEN date_diff('millisecond', day, :to) < 86400000 THEN 86400000 - date_diff('millisecond', day, :to) ELSE 0 END
  ) / 1000e0)) AS coverage,
  longest_gap_s,
  late,
  latest_s
FROM days
ORDER BY 1, 2
