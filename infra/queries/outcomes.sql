-- What incidents turned out to be, and how long the trouble lasted: to the last abnormal sample, not to the end
-- of the quiet that clears an incident (which is all that older rows say).
WITH incidents_last AS (
  SELECT *
  FROM (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY version DESC) AS newest
    FROM incidents
  ) AS versions
  WHERE newest = 1
)
SELECT outcome, mode, count(*) AS incidents, avg((coalesce(last_abnormal_at, cleared_at) - began_at) / 60000e0) AS minutes
FROM incidents_last
GROUP BY 1, 2
ORDER BY 3 DESC, 1, 2
