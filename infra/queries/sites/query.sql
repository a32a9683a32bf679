-- How much each site sends, and what that costs on AWS a month: the part of a bill that grows with what is sent, at the list prices of
-- sentinel cost in us-east-1, with ingest=stream, store=lake and Basic Ingest. Incidents, and what runs though nothing is sent, come on
-- top; the whole bill of a plan says sentinel cost.
-- Column site: what stands before the first hyphen in the names of its gateways
-- Column gateways: gateways heard
-- Column cylinders: cylinders heard
-- Column samples: samples stored
-- Column messages: arrivals of one cylinder at one time; what hours lie between was sent apart
-- Column message_share: share of all messages, 0 to 1
-- Column usd_per_month: what a month like the time asked about costs, US dollars
WITH hours AS (
  -- The ledger saves a cylinder once for all that came of it within twenty seconds, 180 times an hour at most.
  SELECT
    split_part(gateway, '-', 1) AS site,
    cylinder,
    hour,
    sum(samples) AS samples,
    sum(messages) AS messages,
    least(sum(messages), 180) AS saves
  FROM messages_asked
  GROUP BY 1, 2, 3
),
named AS (
  SELECT split_part(gateway, '-', 1) AS site, count(DISTINCT gateway) AS gateways FROM messages_asked GROUP BY 1
),
sites AS (
  SELECT
    site,
    count(DISTINCT cylinder) AS cylinders,
    cast(sum(samples) AS bigint) AS samples,
    cast(sum(messages) AS bigint) AS messages,
    cast(sum(saves) AS bigint) AS saves
  FROM hours
  GROUP BY 1
)
SELECT
  sites.site,
  gateways,
  cylinders,
  samples,
  messages,
  messages * 1e0 / sum(messages) OVER () AS message_share,
  -- US dollars a million messages, samples and saves, in the days asked about, and for each cylinder a month.
  (messages * 0.32e0 + samples * 0.0148e0 + saves * 0.712e0) / 1000000e0
    * 30e0 / (date_diff('millisecond', :from, :to) / 86400000e0) + cylinders * 0.0182e0 AS usd_per_month
FROM sites
JOIN named ON named.site = sites.site
ORDER BY 7 DESC, 1
