-- Timestream: the share of abnormal seconds by cylinder and hour (UTC), of the last day.
-- Put the name of your database (stack output TelemetryDatabaseName) in place of telemetry, and the cylinders that you ask
-- about in place of the one: samples lie by cylinder, and only those that are named are read.
SELECT
  cylinder,
  bin(time, 1h) AS hour,
  count(*) AS seconds,
  avg(CASE WHEN probability >= 0.5 THEN 1e0 ELSE 0e0 END) AS abnormal
FROM "telemetry"."samples"
WHERE cylinder IN ('cyl-07') AND time > ago(1d) AND measure_name = 'sample'
GROUP BY 1, 2
ORDER BY 1, 2
