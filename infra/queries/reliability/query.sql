-- Mean times between failures, to repair and to acknowledge, and availability, by cylinder, over running hours (EN 15341).
-- A failure is an incident that was not closed as no-fault-found, sensor or planned-work.
-- Column running_hours: hours of samples with the encoder above 0 RPM, or without a word from it
-- Column failures: how many
-- Column mtbf_hours: running hours for each failure
-- Column mttr_minutes: mean from the first to the last abnormal sample of a failure that is over
-- Column mtta_minutes: mean from the raise to the first acknowledgement, of all incidents that got one
-- Column availability: share of running hours without trouble, 0 to 1; a failure that goes on counts up to --to
WITH running AS (
  SELECT cylinder, sum(running) / 3600e0 AS running_hours
  FROM hours_asked
  WHERE running > 0
  GROUP BY 1
),
failed AS (
  SELECT
    cylinder,
    count(CASE WHEN outcome IS NULL OR outcome = 'fault' THEN 1 END) AS failures,
    avg(CASE WHEN outcome IS NULL OR outcome = 'fault'
      THEN date_diff('millisecond', began_at, coalesce(last_abnormal_at, cleared_at)) / 60000e0 END) AS mttr_minutes,
    sum(CASE WHEN outcome IS NULL OR outcome = 'fault'
      THEN date_diff('millisecond', began_at, coalesce(last_abnormal_at, cleared_at, :to)) / 3600000e0 END) AS trouble_hours,
    avg(date_diff('millisecond', raised_at, acknowledged_at) / 60000e0) AS mtta_minutes
  FROM incidents_asked
  GROUP BY 1
)
SELECT
  running.cylinder,
  running_hours,
  coalesce(failures, 0) AS failures,
  CASE WHEN failures > 0 THEN running_hours / failures END AS mtbf_hours,
  mttr_minutes,
  mtta_minutes,
  greatest(0e0, 1e0 - coalesce(trouble_hours, 0e0) / running_hours) AS availability
FROM running
LEFT JOIN failed ON failed.cylinder = running.cylinder
ORDER BY availability, 1
