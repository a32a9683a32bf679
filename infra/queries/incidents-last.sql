-- Every incident as it stands. Each time that something becomes of an incident it is written once more, with a higher
-- version; put what you want to know in place of the last line.
WITH incidents_last AS (
  SELECT *
  FROM (
    SELECT *, row_number() OVER (PARTITION BY id ORDER BY version DESC) AS newest
    FROM incidents
  ) AS versions
  WHERE newest = 1
)
SELECT * FROM incidents_last
