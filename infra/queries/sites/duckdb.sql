WITH followed AS (
  -- A message whose samples lie in two hours is counted in the first.
  SELECT
    gateway,
    cylinder,
    hour,
    samples,
    messages - CASE WHEN first_received = lag(last_received) OVER (PARTITION BY gateway, model, cylinder ORDER BY hour)
      THEN 1 ELSE 0 END AS message
  FROM parts_asked
),
hours AS (
  -- The ledger saves a cylinder once for all that came of it within twenty seconds, 180 times an hour at most.
  SELECT
    split_part(gateway, '-', 1) AS site,
    cylinder,
    hour,
    sum(samples) AS samples,
    sum(message) AS messages,
    least(sum(message), 180) AS saves
  FROM followed
  GROUP BY 1, 2, 3
),
named AS (
  SELECT split_part(gateway, '-', 1) AS site, count(DISTINCT gateway) AS gateways FROM followed GROUP BY 1
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
