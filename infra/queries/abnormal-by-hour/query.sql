-- The share of abnormal samples by cylinder and hour.
-- Column hour: start of the hour, UTC
-- Column samples: samples stored of it
-- Column abnormal: how many of them had a probability of 0.5 or more
-- Column abnormal_share: their share, 0 to 1
-- Column probability_max: the highest probability, 0 to 1
SELECT cylinder, hour, samples, abnormal, abnormal * 1e0 / samples AS abnormal_share, probability_max
FROM hours_asked
ORDER BY 1, 2
