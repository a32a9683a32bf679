-- The share of abnormal seconds by cylinder and hour (UTC), of the samples of the last two days.
WITH samples_once AS (
  SELECT *
  FROM (
    SELECT *, row_number() OVER (PARTITION BY cylinder, t, boot, seq ORDER BY received_at) AS copy
    FROM samples
    WHERE day >= cast(cast(current_date - INTERVAL '1' DAY AS date) AS varchar)
  ) AS copies
  WHERE copy = 1
)
SELECT
  cylinder,
  date_trunc('hour', timestamp '1970-01-01 00:00:00' + t / 1000 * INTERVAL '1' SECOND) AS hour,
  count(*) AS seconds,
  avg(CASE WHEN probability >= 0.5 THEN 1e0 ELSE 0e0 END) AS abnormal
FROM samples_once
GROUP BY 1, 2
ORDER BY 1, 2
