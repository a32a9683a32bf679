-- Every sample of the last two days once, as it was received first. Firehose and a gateway may deliver twice; put what
-- you want to know in place of the last line, and the days that you ask about in place of the WHERE.
-- `day` is the UTC day of arrival: what a gateway kept while it was offline lies in a later day than its `t`.
WITH samples_once AS (
  SELECT *
  FROM (
    SELECT *, row_number() OVER (PARTITION BY cylinder, t, boot, seq ORDER BY received_at) AS copy
    FROM samples
    WHERE day >= cast(cast(current_date - INTERVAL '1' DAY AS date) AS varchar)
  ) AS copies
  WHERE copy = 1
)
SELECT * FROM samples_once
