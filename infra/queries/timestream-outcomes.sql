-- Timestream: what incidents turned out to be, and how long the trouble lasted: to the last abnormal sample, not to the end
-- of the quiet that clears an incident (which is all that older rows say).
-- Put the name of your database (stack output TelemetryDatabaseName) in place of telemetry.
SELECT outcome, mode, count(*) AS incidents, avg((coalesce(last_abnormal_at, cleared_at) - began_at) / 60000e0) AS minutes
FROM "telemetry"."incidents"
WHERE measure_name = 'incident'
GROUP BY 1, 2
ORDER BY 3 DESC
