-- How much each gateway sends: samples and messages. What that costs on AWS: sentinel cost.
-- Column gateway: the gateway; a site is all gateways named <site> or <site>-…
-- Column cylinders: cylinders heard through it
-- Column samples: samples stored
-- Column messages: arrivals of one cylinder at one time; what hours lie between was sent apart
-- Column samples_per_message: samples / messages
-- Column messages_per_day: messages for each day asked about
SELECT
  gateway,
  count(DISTINCT cylinder) AS cylinders,
  sum(samples) AS samples,
  sum(message) AS messages,
  sum(samples) * 1e0 / sum(message) AS samples_per_message,
  sum(message) / (date_diff('millisecond', :from, :to) / 86400000e0) AS messages_per_day
FROM (
  -- A message whose samples lie in two hours is counted in the first.
  SELECT
    gateway,
    cylinder,
    samples,
    CASE WHEN date_diff('millisecond', lag(hour) OVER (PARTITION BY gateway, cylinder, received_at ORDER BY hour), hour) = 3600000
      THEN 0 ELSE 1 END AS message
  FROM (
    SELECT gateway, cylinder, received_at, date_trunc('hour', t) AS hour, count(*) AS samples
    FROM samples_asked
    GROUP BY 1, 2, 3, 4
  ) AS arrivals
) AS followed
GROUP BY 1
ORDER BY 4 DESC, 1
