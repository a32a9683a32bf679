-- Timestream: what the sensors did in the ten minutes before each incident of the last week.
-- Put the name of your database (stack output TelemetryDatabaseName) in place of telemetry, and the cylinders that you ask
-- about in place of the one: samples lie by cylinder, and only those that are named are read.
SELECT
  i.incident,
  i.severity,
  date_diff('second', s.time, from_milliseconds(i.began_at)) AS seconds_before,
  s."rVibration_Temp",
  s."rVibration_Z_RMS_Velocity",
  s."rVibration_X_RMS_Velocity",
  s."wRMSCurrent",
  s."wCurrentLoad",
  s."wEncoderVelocity",
  s.probability
FROM "telemetry"."incidents" AS i
JOIN "telemetry"."samples" AS s
  ON s.cylinder = i.cylinder
  AND s.time BETWEEN from_milliseconds(i.began_at) - 10m AND from_milliseconds(i.began_at)
WHERE i.cylinder IN ('cyl-07') AND i.time > ago(7d) AND i.measure_name = 'incident'
  AND s.cylinder IN ('cyl-07') AND s.time > ago(8d) AND s.measure_name = 'sample'
ORDER BY 1, 3 DESC
