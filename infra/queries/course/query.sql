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
