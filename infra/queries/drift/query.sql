-- Is the line still the one that the model knows? Population stability index of each sensor and of the score against the week
-- before --from (or from --reference on): under 0.1 is stable, over 0.25 has shifted (Siddiqi, Credit Risk Scorecards, 2006).
-- Ten bins of equal width over the reference's mean and three standard deviations to each side, in whole steps of 0.2 °C,
-- 0.05 mm/s, 0.1 A, 1 % and 10 RPM; 0 to 1 for the score.
-- Column what: the sensor, or score
-- Column psi: population stability index
-- Column reference_mean: mean in the reference
-- Column mean: mean in the time asked about
-- Column samples: values compared
WITH compared AS (
  SELECT what, bin, samples AS reference, total AS reference_total, 0 AS now, 0e0 AS total FROM bins_before
  UNION ALL
  SELECT what, bin, 0 AS reference, 0e0 AS reference_total, samples AS now, total FROM bins_asked
),
sums AS (
  SELECT
    what,
    sum(reference_total) / nullif(sum(reference), 0) AS reference_mean,
    sum(total) / nullif(sum(now), 0) AS mean,
    sum(now) AS samples,
    sum(reference) AS reference,
    sum(bin * reference) * 1e0 / nullif(sum(reference), 0) AS centre,
    sum(bin * bin * reference) * 1e0 AS squares
  FROM compared
  GROUP BY 1
),
shape AS (
  SELECT
    what, reference_mean, mean, samples,
    CASE WHEN what = 'score' THEN 0e0 ELSE floor(centre + 0.5e0) - 5 * width END AS low,
    CASE WHEN what = 'score' THEN 1e0 ELSE width END AS width
  FROM (
    SELECT
      what, reference_mean, mean, samples, centre,
      greatest(1e0, ceil(0.6e0 * sqrt(greatest(0e0, (squares - centre * centre * reference) / greatest(1, reference - 1))))) AS width
    FROM sums
    WHERE reference > 0 AND samples > 0
  ) AS wide
),
counted AS (
  SELECT
    compared.what,
    least(9e0, greatest(0e0, floor((bin - low) / width))) AS place,
    sum(reference) AS reference,
    sum(now) AS now
  FROM compared
  JOIN shape ON shape.what = compared.what
  GROUP BY 1, 2
),
shares AS (
  SELECT
    what,
    greatest(1e-4, reference * 1e0 / sum(reference) OVER (PARTITION BY what)) AS expected,
    greatest(1e-4, now * 1e0 / sum(now) OVER (PARTITION BY what)) AS actual
  FROM counted
)
SELECT
  shares.what,
  sum((actual - expected) * ln(actual / expected)) AS psi,
  max(reference_mean) AS reference_mean,
  max(mean) AS mean,
  max(samples) AS samples
FROM shares
JOIN shape ON shape.what = shares.what
GROUP BY 1
ORDER BY 2 DESC, 1
