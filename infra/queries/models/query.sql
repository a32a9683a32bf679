SELECT
  model,
  count(DISTINCT cylinder) AS cylinders,
  min(first_t) AS first_t,
  max(last_t) AS last_t,
  cast(sum(samples) AS bigint) AS samples,
  sum(probability * samples) / sum(samples) AS probability,
  sum(abnormal) * 1e0 / sum(samples) AS abnormal_share
FROM parts_asked
GROUP BY 1
ORDER BY 5 DESC, 1
