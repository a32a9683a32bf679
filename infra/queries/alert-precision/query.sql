-- Were the alerts right? Of the incidents that people closed, how many were faults, by model and policy.
-- Column model: the model that scored it; empty in incidents of before this was noted
-- Column policy: digest of the policy that raised it
-- Column incidents: incidents raised
-- Column judged: incidents closed as fault, no-fault-found or sensor
-- Column faults: of these, faults
-- Column precision: faults / judged, 0 to 1; empty where nothing was judged
-- Column planned: closed as planned-work
-- Column unanswered: not closed
SELECT
  model,
  policy,
  count(*) AS incidents,
  count(CASE WHEN outcome IN ('fault', 'no-fault-found', 'sensor') THEN 1 END) AS judged,
  count(CASE WHEN outcome = 'fault' THEN 1 END) AS faults,
  CASE WHEN count(CASE WHEN outcome IN ('fault', 'no-fault-found', 'sensor') THEN 1 END) > 0
    THEN count(CASE WHEN outcome = 'fault' THEN 1 END) * 1e0
      / count(CASE WHEN outcome IN ('fault', 'no-fault-found', 'sensor') THEN 1 END) END AS precision,
  count(CASE WHEN outcome = 'planned-work' THEN 1 END) AS planned,
  count(CASE WHEN outcome IS NULL THEN 1 END) AS unanswered
FROM incidents_asked
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
