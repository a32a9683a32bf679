-- Is the line still the one that the model knows? Population stability index of each sensor and of the score against the week
-- before --from (or from --reference on): under 0.1 is stable, over 0.25 has shifted (Siddiqi, Credit Risk Scorecards, 2006).
-- Ten bins of equal width over the reference's mean and three standard deviations to each side, 0 to 1 for the score.
-- Column what: the sensor, or score
-- Column psi: population stability index
-- Column reference_mean: mean in the reference
-- Column mean: mean in the time asked about
-- Column samples: values compared
WITH shape AS (
  SELECT 'temperature' AS what, avg("rVibration_Temp") - 3 * stddev_samp("rVibration_Temp") AS low, 0.6e0 * stddev_samp("rVibration_Temp") AS width, avg("rVibration_Temp") AS reference_mean
  FROM reference_asked
  UNION ALL
  SELECT 'vibration-z' AS what, avg("rVibration_Z_RMS_Velocity") - 3 * stddev_samp("rVibration_Z_RMS_Velocity") AS low, 0.6e0 * stddev_samp("rVibration_Z_RMS_Velocity") AS width, avg("rVibration_Z_RMS_Velocity") AS reference_mean
  FROM reference_asked
  UNION ALL
  SELECT 'vibration-x' AS what, avg("rVibration_X_RMS_Velocity") - 3 * stddev_samp("rVibration_X_RMS_Velocity") AS low, 0.6e0 * stddev_samp("rVibration_X_RMS_Velocity") AS width, avg("rVibration_X_RMS_Velocity") AS reference_mean
  FROM reference_asked
  UNION ALL
  SELECT 'current' AS what, avg("wRMSCurrent") - 3 * stddev_samp("wRMSCurrent") AS low, 0.6e0 * stddev_samp("wRMSCurrent") AS width, avg("wRMSCurrent") AS reference_mean
  FROM reference_asked
  UNION ALL
  SELECT 'load' AS what, avg("wCurrentLoad") - 3 * stddev_samp("wCurrentLoad") AS low, 0.6e0 * stddev_samp("wCurrentLoad") AS width, avg("wCurrentLoad") AS reference_mean
  FROM reference_asked
  UNION ALL
  SELECT 'encoder' AS what, avg("wEncoderVelocity") - 3 * stddev_samp("wEncoderVelocity") AS low, 0.6e0 * stddev_samp("wEncoderVelocity") AS width, avg("wEncoderVelocity") AS reference_mean
  FROM reference_asked
  UNION ALL
  SELECT 'score' AS what, 0e0 AS low, 0.1e0 AS width, avg(probability) AS reference_mean FROM reference_asked
),
counted AS (
  SELECT 'temperature' AS what, bin, count(*) AS reference, 0 AS now, cast(NULL AS double) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("rVibration_Temp" - low) / width))) AS bin, "rVibration_Temp" AS value
    FROM reference_asked CROSS JOIN shape
    WHERE what = 'temperature' AND width > 0 AND "rVibration_Temp" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'temperature' AS what, bin, 0 AS reference, count(*) AS now, sum(value) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("rVibration_Temp" - low) / width))) AS bin, "rVibration_Temp" AS value
    FROM samples_asked CROSS JOIN shape
    WHERE what = 'temperature' AND width > 0 AND "rVibration_Temp" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'vibration-z' AS what, bin, count(*) AS reference, 0 AS now, cast(NULL AS double) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("rVibration_Z_RMS_Velocity" - low) / width))) AS bin, "rVibration_Z_RMS_Velocity" AS value
    FROM reference_asked CROSS JOIN shape
    WHERE what = 'vibration-z' AND width > 0 AND "rVibration_Z_RMS_Velocity" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'vibration-z' AS what, bin, 0 AS reference, count(*) AS now, sum(value) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("rVibration_Z_RMS_Velocity" - low) / width))) AS bin, "rVibration_Z_RMS_Velocity" AS value
    FROM samples_asked CROSS JOIN shape
    WHERE what = 'vibration-z' AND width > 0 AND "rVibration_Z_RMS_Velocity" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'vibration-x' AS what, bin, count(*) AS reference, 0 AS now, cast(NULL AS double) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("rVibration_X_RMS_Velocity" - low) / width))) AS bin, "rVibration_X_RMS_Velocity" AS value
    FROM reference_asked CROSS JOIN shape
    WHERE what = 'vibration-x' AND width > 0 AND "rVibration_X_RMS_Velocity" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'vibration-x' AS what, bin, 0 AS reference, count(*) AS now, sum(value) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("rVibration_X_RMS_Velocity" - low) / width))) AS bin, "rVibration_X_RMS_Velocity" AS value
    FROM samples_asked CROSS JOIN shape
    WHERE what = 'vibration-x' AND width > 0 AND "rVibration_X_RMS_Velocity" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'current' AS what, bin, count(*) AS reference, 0 AS now, cast(NULL AS double) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("wRMSCurrent" - low) / width))) AS bin, "wRMSCurrent" AS value
    FROM reference_asked CROSS JOIN shape
    WHERE what = 'current' AND width > 0 AND "wRMSCurrent" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'current' AS what, bin, 0 AS reference, count(*) AS now, sum(value) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("wRMSCurrent" - low) / width))) AS bin, "wRMSCurrent" AS value
    FROM samples_asked CROSS JOIN shape
    WHERE what = 'current' AND width > 0 AND "wRMSCurrent" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'load' AS what, bin, count(*) AS reference, 0 AS now, cast(NULL AS double) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("wCurrentLoad" - low) / width))) AS bin, "wCurrentLoad" AS value
    FROM reference_asked CROSS JOIN shape
    WHERE what = 'load' AND width > 0 AND "wCurrentLoad" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'load' AS what, bin, 0 AS reference, count(*) AS now, sum(value) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("wCurrentLoad" - low) / width))) AS bin, "wCurrentLoad" AS value
    FROM samples_asked CROSS JOIN shape
    WHERE what = 'load' AND width > 0 AND "wCurrentLoad" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'encoder' AS what, bin, count(*) AS reference, 0 AS now, cast(NULL AS double) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("wEncoderVelocity" - low) / width))) AS bin, "wEncoderVelocity" AS value
    FROM reference_asked CROSS JOIN shape
    WHERE what = 'encoder' AND width > 0 AND "wEncoderVelocity" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'encoder' AS what, bin, 0 AS reference, count(*) AS now, sum(value) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor(("wEncoderVelocity" - low) / width))) AS bin, "wEncoderVelocity" AS value
    FROM samples_asked CROSS JOIN shape
    WHERE what = 'encoder' AND width > 0 AND "wEncoderVelocity" IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'score' AS what, bin, count(*) AS reference, 0 AS now, cast(NULL AS double) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor((probability - low) / width))) AS bin, probability AS value
    FROM reference_asked CROSS JOIN shape
    WHERE what = 'score' AND width > 0 AND probability IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
  UNION ALL
  SELECT 'score' AS what, bin, 0 AS reference, count(*) AS now, sum(value) AS total
  FROM (
    SELECT least(9e0, greatest(0e0, floor((probability - low) / width))) AS bin, probability AS value
    FROM samples_asked CROSS JOIN shape
    WHERE what = 'score' AND width > 0 AND probability IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
),
bins AS (
  SELECT what, bin, sum(reference) AS reference, sum(now) AS now, sum(total) AS total FROM counted GROUP BY 1, 2
),
shares AS (
  SELECT
    what,
    greatest(1e-4, reference * 1e0 / sum(reference) OVER (PARTITION BY what)) AS expected,
    greatest(1e-4, now * 1e0 / sum(now) OVER (PARTITION BY what)) AS actual,
    now,
    total
  FROM bins
)
SELECT
  shares.what,
  sum((actual - expected) * ln(actual / expected)) AS psi,
  max(reference_mean) AS reference_mean,
  sum(total) / sum(now) AS mean,
  sum(now) AS samples
FROM shares
JOIN shape ON shape.what = shares.what
GROUP BY 1
HAVING sum(now) > 0 AND max(reference_mean) IS NOT NULL
ORDER BY 2 DESC, 1
