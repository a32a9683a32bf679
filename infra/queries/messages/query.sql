-- How much each gateway sends: samples and messages. What that costs on AWS: sentinel cost.
-- Column gateway: the gateway; a site is all gateways named <site> or <site>-…
-- Column cylinders: cylinders heard through it
-- Column samples: samples stored
-- Column messages: arrivals of one cylinder at one time
-- Column samples_per_message: samples / messages
-- Column messages_per_day: messages for each day asked about
SELECT
  gateway,
  count(DISTINCT cylinder) AS cylinders,
  sum(samples) AS samples,
  count(*) AS messages,
  sum(samples) * 1e0 / count(*) AS samples_per_message,
  count(*) / (date_diff('millisecond', :from, :to) / 86400000e0) AS messages_per_day
FROM (
  SELECT gateway, cylinder, received_at, count(*) AS samples FROM samples_asked GROUP BY 1, 2, 3
) AS arrivals
GROUP BY 1
ORDER BY 4 DESC, 1
