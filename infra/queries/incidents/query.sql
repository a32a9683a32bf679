-- Every incident raised, with its course, its advice and its outcome.
-- Column began_at: first abnormal sample, UTC
-- Column minutes: from there to its last abnormal sample; empty while it goes on
-- Column to_told_s: from the raise to the first notice, s
-- Column to_acknowledged_s: from the raise to the first acknowledgement, s
-- Column to_closed_s: from the raise to the closing, s
-- Column advice: what a technician was told to look at
-- Column outcome: what it turned out to be; empty while it is not closed
SELECT
  id, cylinder, severity, began_at, raised_at,
  date_diff('millisecond', began_at, coalesce(last_abnormal_at, cleared_at)) / 60000e0 AS minutes,
  date_diff('millisecond', raised_at, told_at) / 1000e0 AS to_told_s,
  date_diff('millisecond', raised_at, acknowledged_at) / 1000e0 AS to_acknowledged_s,
  date_diff('millisecond', raised_at, closed_at) / 1000e0 AS to_closed_s,
  reopenings, ended_by, acknowledged_by, closed_by, advice, outcome, mode, comment
FROM incidents_asked
ORDER BY raised_at, id
