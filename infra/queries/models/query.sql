-- Which models scored, of how many cylinders, from when to when, and how high.
-- Column model: the model as it names itself; empty where the gateway does not say
-- Column cylinders: cylinders that it scored
-- Column first_t: its first sample, UTC
-- Column last_t: its last sample, UTC
-- Column samples: samples that it scored
-- Column probability: mean of their probabilities, 0 to 1
-- Column abnormal_share: share of them with a probability of 0.5 or more, 0 to 1
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
