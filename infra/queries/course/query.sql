-- How a cylinder went: the score and each sensor, in sixty equal parts of the time asked about; of more than thirty hours in
-- thirty to sixty-one parts of whole hours. Parts without a sample are left out.
-- Column part: from 0 on
-- Column t: the first sample of the part, UTC
-- Column samples: samples of it
-- Column probability: mean probability, 0 to 1; probability_max the highest
-- Column abnormal_share: share of its samples with a probability of 0.5 or more, 0 to 1
-- Column temp_c: mean temperature, °C
-- Column z_mm_s: mean vibration Z, mm/s RMS
-- Column x_mm_s: mean vibration X, mm/s RMS
-- Column current_a: mean current, A
-- Column load_percent: mean load, %
-- Column encoder_rpm: mean speed, RPM
SELECT
  cylinder,
  part,
  min(t) AS t,
  cast(sum(samples) AS bigint) AS samples,
  sum(probability * samples) / sum(samples) AS probability,
  max(probability_max) AS probability_max,
  sum(abnormal) * 1e0 / sum(samples) AS abnormal_share,
  sum(temp * temps) / sum(temps) AS temp_c,
  sum(z * zs) / sum(zs) AS z_mm_s,
  sum(x * xs) / sum(xs) AS x_mm_s,
  sum(current_a * currents) / sum(currents) AS current_a,
  sum(load * loads) / sum(loads) AS load_percent,
  sum(encoder * encoders) / sum(encoders) AS encoder_rpm
FROM course_asked
GROUP BY 1, 2
ORDER BY 1, 2
