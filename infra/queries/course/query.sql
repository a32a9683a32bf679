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
    CASE WHEN date_diff('millisecond', :from, :to) > 108000000
      THEN floor(date_diff('millisecond', date_trunc('hour', :from), t)
        / (ceil(date_diff('millisecond', :from, :to) / 216000000e0) * 3600000e0))
      ELSE floor(date_diff('millisecond', :from, t) * 60e0 / date_diff('millisecond', :from, :to)) END AS part
  FROM samples_asked
) AS placed
GROUP BY 1, 2
ORDER BY 1, 2
