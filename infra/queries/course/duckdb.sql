WITH placed AS (
  SELECT
    *,
    floor(date_diff('millisecond', date_trunc('hour', :from), hour)
      / (ceil(date_diff('millisecond', :from, :to) / 216000000e0) * 3600000e0)) AS part
  FROM sensor_hours_asked
  WHERE date_diff('millisecond', :from, :to) > 108000000
)
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
FROM placed
GROUP BY 1, 2
UNION ALL
SELECT
  cylinder,
  part,
  min(t) AS t,
  count(*) AS samples,
  avg(probability) AS probability,
  max(probability) AS probability_max,
  count(CASE WHEN probability >= 0.5 THEN 1 END) * 1e0 / count(*) AS abnormal_share,
  avg("rVibration_Temp") AS temp_c,
  avg("rVibration_Z_RMS_Velocity") AS z_mm_s,
  avg("rVibration_X_RMS_Velocity") AS x_mm_s,
  avg("wRMSCurrent") AS current_a,
  avg("wCurrentLoad") AS load_percent,
  avg("wEncoderVelocity") AS encoder_rpm
FROM (
  SELECT
    cylinder, t, probability, "rVibration_Temp", "rVibration_Z_RMS_Velocity", "rVibration_X_RMS_Velocity", "wRMSCurrent",
    "wCurrentLoad", "wEncoderVelocity",
    floor(date_diff('millisecond', :from, t) * 60e0 / date_diff('millisecond', :from, :to)) AS part
  FROM short_samples_asked
) AS placed
GROUP BY 1, 2
ORDER BY 1, 2
