-- Timestream: what incidents turned out to be, and how long they lasted.
-- Put the name of your database (stack output TelemetryDatabaseName) in place of telemetry.
SELECT outcome, mode, count(*) AS incidents, avg((cleared_at - began_at) / 60000e0) AS minutes
FROM "telemetry"."incidents"
WHERE measure_name = 'incident'
GROUP BY 1, 2
ORDER BY 3 DESC
