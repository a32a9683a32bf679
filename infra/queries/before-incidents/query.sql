-- Mean of each sensor in the hour before each incident, beside the hour that ended a day before it began.
-- Column samples_before: samples in the hour before it began
-- Column temp_c: temperature, °C; temp_usual_c a day before
-- Column z_mm_s: vibration Z, mm/s RMS; z_usual_mm_s a day before
-- Column x_mm_s: vibration X, mm/s RMS; x_usual_mm_s a day before
-- Column current_a: current, A; current_usual_a a day before
-- Column load_percent: load, %; load_usual_percent a day before
-- Column encoder_rpm: speed, RPM; encoder_usual_rpm a day before
SELECT
  id,
  cylinder,
  began_at,
  count(CASE WHEN before THEN 1 END) AS samples_before,
  avg(CASE WHEN before THEN temp END) AS temp_c,
  avg(CASE WHEN NOT before THEN temp END) AS temp_usual_c,
  avg(CASE WHEN before THEN z END) AS z_mm_s,
  avg(CASE WHEN NOT before THEN z END) AS z_usual_mm_s,
  avg(CASE WHEN before THEN x END) AS x_mm_s,
  avg(CASE WHEN NOT before THEN x END) AS x_usual_mm_s,
  avg(CASE WHEN before THEN current_a END) AS current_a,
  avg(CASE WHEN NOT before THEN current_a END) AS current_usual_a,
  avg(CASE WHEN before THEN load END) AS load_percent,
  avg(CASE WHEN NOT before THEN load END) AS load_usual_percent,
  avg(CASE WHEN before THEN encoder END) AS encoder_rpm,
  avg(CASE WHEN NOT before THEN encoder END) AS encoder_usual_rpm
FROM near_asked
GROUP BY 1, 2, 3
ORDER BY 3, 1
