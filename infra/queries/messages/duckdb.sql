WITH followed AS (
  -- A message whose samples lie in two hours is counted in the first.
  SELECT
    gateway,
    cylinder,
    samples,
    messages,
    CASE WHEN first_received = lag(last_received) OVER (PARTITION BY gateway, model, cylinder ORDER BY hour) THEN 1 ELSE 0 END AS again
  FROM parts_asked
)
SELECT
  gateway,
  count(DISTINCT cylinder) AS cylinders,
  cast(sum(samples) AS bigint) AS samples,
  cast(sum(messages - again) AS bigint) AS messages,
  sum(samples) * 1e0 / sum(messages - again) AS samples_per_message,
  sum(messages - again) / (date_diff('millisecond', :from, :to) / 86400000e0) AS messages_per_day
FROM followed
GROUP BY 1
ORDER BY 4 DESC, 1
