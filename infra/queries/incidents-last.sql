-- Every incident as it stands. Each time that something becomes of an incident it is written once more, with a higher
-- version; what is noted once, as when it was told, stands in the row that was written then. Put what you want to know
-- in place of the last line.
WITH incidents_last AS (
  SELECT
    id, cylinder, gateway, began_at, raised_at, last_abnormal_at, cleared_at, ended_by, severity, reopenings,
    acknowledged_by, closed_by, outcome, mode, comment,
    noted_told_at AS told_at, noted_acknowledged_at AS acknowledged_at, noted_closed_at AS closed_at,
    noted_advice AS advice, noted_why AS why, noted_model AS model, noted_policy AS policy
  FROM (
    SELECT
      *,
      row_number() OVER (PARTITION BY id ORDER BY version DESC) AS newest,
      min(told_at) OVER (PARTITION BY id) AS noted_told_at,
      min(acknowledged_at) OVER (PARTITION BY id) AS noted_acknowledged_at,
      min(closed_at) OVER (PARTITION BY id) AS noted_closed_at,
      min(advice) OVER (PARTITION BY id) AS noted_advice,
      min(why) OVER (PARTITION BY id) AS noted_why,
      min(model) OVER (PARTITION BY id) AS noted_model,
      min(policy) OVER (PARTITION BY id) AS noted_policy
    FROM incidents
  ) AS versions
  WHERE newest = 1
)
SELECT * FROM incidents_last
