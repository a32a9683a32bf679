-- How much of each day is there, by cylinder, at one sample a second: coverage, the longest gap and what came late.
-- Column day: UTC
-- Column samples: samples stored
-- Column seconds: different seconds of which there is a sample
-- Column coverage: share of the time asked about on that day, 0 to 1
-- Column longest_gap_s: longest time between two samples of the day, s
-- Column late: samples that arrived more than 60 s after they were taken
-- Column latest_s: the greatest delay, s
SELECT
  cylinder,
  day,
  samples,
  seconds,
  least(1e0, seconds / greatest(1e0, (86400000
    - CASE WHEN :from > day THEN date_diff('millisecond', day, :from) ELSE 0 END
    - CASE WHEN date_diff('millisecond', day, :to) < 86400000 THEN 86400000 - date_diff('millisecond', day, :to) ELSE 0 END
  ) / 1000e0)) AS coverage,
  longest_gap_ms / 1000e0 AS longest_gap_s,
  late,
  latest_ms / 1000e0 AS latest_s
FROM days_asked
ORDER BY 1, 2
