-- Which cylinders gave the most trouble: incidents, hours in trouble, and what they turned out to be.
-- Column incidents: incidents raised
-- Column trouble_hours: hours from the first to the last abnormal sample of each, summed; one that goes on counts up to --to
-- Column longest_hours: the longest of them, hours
-- Column faults: incidents closed as a fault
-- Column no_fault: incidents closed as no-fault-found or sensor
-- Column open: incidents that have not cleared
-- Column abnormal_share: share of abnormal samples of the whole time, 0 to 1
WITH trouble AS (
  SELECT
    cylinder,
    count(*) AS incidents,
    sum(date_diff('millisecond', began_at, coalesce(last_abnormal_at, cleared_at, :to)) / 3600000e0) AS trouble_hours,
    max(date_diff('millisecond', began_at, coalesce(last_abnormal_at, cleared_at, :to)) / 3600000e0) AS longest_hours,
    count(CASE WHEN outcome = 'fault' THEN 1 END) AS faults,
    count(CASE WHEN outcome IN ('no-fault-found', 'sensor') THEN 1 END) AS no_fault,
    count(CASE WHEN cleared_at IS NULL THEN 1 END) AS open
  FROM incidents_asked
  GROUP BY 1
),
seen AS (
  SELECT cylinder, sum(abnormal) * 1e0 / sum(samples) AS abnormal_share FROM hours_asked GROUP BY 1
)
SELECT
  trouble.cylinder, incidents, trouble_hours, longest_hours, faults, no_fault, open, abnormal_share
FROM trouble
LEFT JOIN seen ON seen.cylinder = trouble.cylinder
ORDER BY trouble_hours DESC, incidents DESC, 1
