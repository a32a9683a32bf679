-- What the alarm asks of people, day by day, in the figures of ISA-18.2 and EEMUA 191: one notice in ten minutes and operator
-- is manageable, more than ten in ten minutes are a flood. Chattering are incidents that came back three times or more,
-- stale those that stood for more than a day.
-- Column day: UTC
-- Column notices: notices made, each once, whatever its channels
-- Column per_hour: mean for each hour of the day
-- Column most_in_10_min: the most in ten minutes
-- Column flood_periods: periods of ten minutes with more than ten
-- Column incidents: incidents raised
-- Column chattering: of these, reopened three times or more
-- Column stale: of these, open for more than 24 hours
WITH periods AS (
  SELECT
    date_trunc('day', made_at) AS day,
    floor(date_diff('millisecond', date_trunc('day', made_at), made_at) / 600000e0) AS period,
    count(*) AS notices
  FROM notices_asked
  GROUP BY 1, 2
),
told AS (
  SELECT
    day,
    sum(notices) AS notices,
    max(notices) AS most_in_10_min,
    count(CASE WHEN notices > 10 THEN 1 END) AS flood_periods
  FROM periods
  GROUP BY 1
),
raised AS (
  SELECT
    date_trunc('day', raised_at) AS day,
    count(*) AS incidents,
    count(CASE WHEN reopenings >= 3 THEN 1 END) AS chattering,
    count(CASE WHEN date_diff('millisecond', raised_at, coalesce(cleared_at, :to)) > 86400000 THEN 1 END) AS stale
  FROM incidents_asked
  GROUP BY 1
)
SELECT
  coalesce(told.day, raised.day) AS day,
  coalesce(notices, 0) AS notices,
  coalesce(notices, 0) / 24e0 AS per_hour,
  coalesce(most_in_10_min, 0) AS most_in_10_min,
  coalesce(flood_periods, 0) AS flood_periods,
  coalesce(incidents, 0) AS incidents,
  coalesce(chattering, 0) AS chattering,
  coalesce(stale, 0) AS stale
FROM told
FULL OUTER JOIN raised ON raised.day = told.day
ORDER BY 1
