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
  cast(sum(samples) AS bigint) AS samples,
  cast(sum(messages) AS bigint) AS messages,
  sum(samples) * 1e0 / sum(messages) AS samples_per_message,
  sum(messages) / (date_diff('millisecond', :from, :to) / 86400000e0) AS messages_per_day
FROM messages_asked
GROUP BY 1
ORDER BY 4 DESC, 1
