-- What the saved queries ask, of a data folder on one machine: the tables of docs/data.md, for the time, the cylinder and
-- the site asked about.
-- NOT MATERIALIZED, since DuckDB would else copy all samples that are asked about before it looks at one.

samples_asked AS NOT MATERIALIZED (
  SELECT *
  FROM samples
  WHERE t >= :from AND t < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
)

until_asked AS (
  -- Until when hours are rolled up, and until when their samples are gone.
  SELECT
    coalesce((SELECT max(t) FROM hours_until), TIMESTAMP '1970-01-01 00:00:00') AS rolled,
    coalesce((SELECT max(rolled_until) FROM retention), TIMESTAMP '1970-01-01 00:00:00') AS gone
)

unsettled_asked AS NOT MATERIALIZED (
  -- Hours of a cylinder that have to be counted from their samples: of which some came late, or came by several gateways.
  SELECT cylinder, hour FROM late_hours
  UNION
  SELECT cylinder, hour FROM rolled_hours
  WHERE :site IS NOT NULL AND gateway IS NULL AND hour >= (SELECT gone FROM until_asked)
)

unrolled_asked AS NOT MATERIALIZED (
  SELECT * FROM samples_asked WHERE t < :from_hour
  UNION ALL
  SELECT * FROM samples_asked WHERE t >= :to_hour
  UNION ALL
  SELECT * FROM samples_asked WHERE t >= :from_hour AND t < :to_hour AND t >= (SELECT rolled FROM until_asked)
  UNION ALL
  SELECT samples_asked.*
  FROM samples_asked
  JOIN unsettled_asked ON unsettled_asked.cylinder = samples_asked.cylinder
    AND t >= unsettled_asked.hour AND t < unsettled_asked.hour + INTERVAL 1 HOUR
  WHERE t >= :from_hour AND t < :to_hour AND unsettled_asked.hour < (SELECT rolled FROM until_asked)
)

rolled_hours_asked AS NOT MATERIALIZED (
  SELECT *
  FROM rolled_hours
  WHERE hour >= :from_hour AND hour < :to_hour AND hour < (SELECT rolled FROM until_asked)
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
      OR (gateway IS NULL AND hour < (SELECT gone FROM until_asked) AND cylinder IN (
        SELECT cylinder FROM rolled_hours WHERE gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
        UNION ALL SELECT cylinder FROM unrolled_asked)))
    AND NOT EXISTS (FROM unsettled_asked AS u WHERE u.cylinder = rolled_hours.cylinder AND u.hour = rolled_hours.hour)
)

hours_asked AS NOT MATERIALIZED (
  SELECT cylinder, hour, samples, abnormal, probability, probability_max, running FROM rolled_hours_asked
  UNION ALL
  SELECT
    cylinder,
    date_trunc('hour', t) AS hour,
    count(*) AS samples,
    count(CASE WHEN probability >= 0.5 THEN 1 END) AS abnormal,
    avg(probability) AS probability,
    max(probability) AS probability_max,
    count(CASE WHEN "wEncoderVelocity" IS NULL OR "wEncoderVelocity" > 0 THEN 1 END) AS running
  FROM unrolled_asked
  GROUP BY 1, 2
)

plain_asked AS NOT MATERIALIZED (
  -- Hours that an earlier version rolled up say less: they are counted from their samples, too, as long as these are there.
  -- They lack first_gateway as they lack parts, which would be read whole to know whether it is there.
  SELECT cylinder, hour FROM rolled_hours_asked WHERE first_gateway IS NULL AND hour >= (SELECT gone FROM until_asked)
)

undetailed_asked AS NOT MATERIALIZED (
  SELECT * FROM unrolled_asked
  UNION ALL
  SELECT samples_asked.*
  FROM samples_asked
  JOIN plain_asked ON plain_asked.cylinder = samples_asked.cylinder
    AND t >= plain_asked.hour AND t < plain_asked.hour + INTERVAL 1 HOUR
)

detailed_hours_asked AS NOT MATERIALIZED (
  SELECT * FROM rolled_hours_asked WHERE first_gateway IS NOT NULL OR hour < (SELECT gone FROM until_asked)
)

parts_asked AS NOT MATERIALIZED (
  -- What came by each gateway and was scored by each model; not known of hours that an earlier version rolled up for good.
  SELECT
    cylinder, hour, part.gateway, part.model, part.samples, part.abnormal, part.probability, part.messages,
    part.first_t, part.last_t, part.first_received, part.last_received
  FROM (SELECT cylinder, hour, unnest(parts) AS part FROM detailed_hours_asked) AS each
  WHERE :site IS NULL OR part.gateway = :site OR substr(part.gateway, 1, length(:site) + 1) = :site || '-'
  UNION ALL
  SELECT
    cylinder,
    hour,
    gateway,
    model,
    sum(samples) AS samples,
    sum(abnormal) AS abnormal,
    sum(score) / sum(samples) AS probability,
    count(*) AS messages,
    min(first_t) AS first_t,
    max(last_t) AS last_t,
    arg_min(received_at, first_t) AS first_received,
    arg_max(received_at, last_t) AS last_received
  FROM (
    SELECT
      cylinder, date_trunc('hour', t) AS hour, gateway, model, received_at, count(*) AS samples,
      count(CASE WHEN probability >= 0.5 THEN 1 END) AS abnormal, sum(probability) AS score, min(t) AS first_t, max(t) AS last_t
    FROM undetailed_asked
    GROUP BY 1, 2, 3, 4, 5
  ) AS arrivals
  GROUP BY 1, 2, 3, 4
)

messages_asked AS NOT MATERIALIZED (
  -- Arrivals of each cylinder in each hour; a message whose samples lie in two hours is counted in the first.
  SELECT
    gateway,
    cylinder,
    hour,
    samples,
    messages - CASE WHEN first_received = lag(last_received) OVER (PARTITION BY gateway, model, cylinder ORDER BY hour)
      THEN 1 ELSE 0 END AS messages
  FROM parts_asked
)

sensor_hours_asked AS NOT MATERIALIZED (
  -- The mean of each sensor beside how many samples it is of, by which hours are put together: of all that it had where an
  -- earlier version rolled the hour up for good.
  SELECT
    cylinder, hour, coalesce(first_t, hour) AS t, samples, abnormal, probability, probability_max,
    "rVibration_Temp" AS temp, coalesce(list_sum(map_values("rVibration_Temp_bins")), CASE WHEN "rVibration_Temp" IS NOT NULL THEN samples END) AS temps,
    "rVibration_Z_RMS_Velocity" AS z, coalesce(list_sum(map_values("rVibration_Z_RMS_Velocity_bins")), CASE WHEN "rVibration_Z_RMS_Velocity" IS NOT NULL THEN samples END) AS zs,
    "rVibration_X_RMS_Velocity" AS x, coalesce(list_sum(map_values("rVibration_X_RMS_Velocity_bins")), CASE WHEN "rVibration_X_RMS_Velocity" IS NOT NULL THEN samples END) AS xs,
    "wRMSCurrent" AS current_a, coalesce(list_sum(map_values("wRMSCurrent_bins")), CASE WHEN "wRMSCurrent" IS NOT NULL THEN samples END) AS currents,
    "wCurrentLoad" AS load, coalesce(list_sum(map_values("wCurrentLoad_bins")), CASE WHEN "wCurrentLoad" IS NOT NULL THEN samples END) AS loads,
    "wEncoderVelocity" AS encoder, coalesce(list_sum(map_values("wEncoderVelocity_bins")), CASE WHEN "wEncoderVelocity" IS NOT NULL THEN samples END) AS encoders
  FROM detailed_hours_asked
  UNION ALL
  SELECT
    cylinder, date_trunc('hour', t) AS hour, min(t) AS t, count(*) AS samples,
    count(CASE WHEN probability >= 0.5 THEN 1 END) AS abnormal, avg(probability) AS probability,
    max(probability) AS probability_max,
    avg("rVibration_Temp") AS temp, count("rVibration_Temp") AS temps,
    avg("rVibration_Z_RMS_Velocity") AS z, count("rVibration_Z_RMS_Velocity") AS zs,
    avg("rVibration_X_RMS_Velocity") AS x, count("rVibration_X_RMS_Velocity") AS xs,
    avg("wRMSCurrent") AS current_a, count("wRMSCurrent") AS currents,
    avg("wCurrentLoad") AS load, count("wCurrentLoad") AS loads,
    avg("wEncoderVelocity") AS encoder, count("wEncoderVelocity") AS encoders
  FROM undetailed_asked
  GROUP BY 1, 2
)

short_samples_asked AS NOT MATERIALIZED (
  -- Of no more than thirty hours: longer courses are put together of hours.
  SELECT * FROM samples_asked WHERE date_diff('millisecond', :from, :to) <= 108000000
)

course_asked AS NOT MATERIALIZED (
  -- Hours, or samples put together, in their part of the time asked about. A value stands beside how many samples it is the
  -- mean of.
  SELECT
    cylinder,
    floor(date_diff('millisecond', date_trunc('hour', :from), hour)
      / (ceil(date_diff('millisecond', :from, :to) / 216000000e0) * 3600000e0)) AS part,
    t, samples, abnormal, probability, probability_max, temp, temps, z, zs, x, xs, current_a, currents, load, loads, encoder, encoders
  FROM sensor_hours_asked
  WHERE date_diff('millisecond', :from, :to) > 108000000
  UNION ALL
  SELECT
    cylinder, part, min(t) AS t, count(*) AS samples, count(CASE WHEN probability >= 0.5 THEN 1 END) AS abnormal,
    avg(probability) AS probability, max(probability) AS probability_max,
    avg(temp) AS temp, count(temp) AS temps, avg(z) AS z, count(z) AS zs, avg(x) AS x, count(x) AS xs,
    avg(current_a) AS current_a, count(current_a) AS currents, avg(load) AS load, count(load) AS loads,
    avg(encoder) AS encoder, count(encoder) AS encoders
  FROM (
    SELECT
      cylinder, t, probability, "rVibration_Temp" AS temp, "rVibration_Z_RMS_Velocity" AS z, "rVibration_X_RMS_Velocity" AS x,
      "wRMSCurrent" AS current_a, "wCurrentLoad" AS load, "wEncoderVelocity" AS encoder,
      floor(date_diff('millisecond', :from, t) * 60e0 / date_diff('millisecond', :from, :to)) AS part
    FROM short_samples_asked
  ) AS placed
  GROUP BY 1, 2
)

bins_asked AS NOT MATERIALIZED (
  -- How many values of each sensor and of the score lie in each step, and what they sum up to.
  SELECT what, bin, sum(samples) AS samples, sum(total) AS total
  FROM (
    SELECT what, unnest(map_keys(bins)) AS bin, unnest(map_values(bins)) AS samples, mean * unnest(map_values(bins)) AS total
    FROM (
      SELECT
        what,
        CASE what
          WHEN 'temperature' THEN "rVibration_Temp_bins" WHEN 'vibration-z' THEN "rVibration_Z_RMS_Velocity_bins"
          WHEN 'vibration-x' THEN "rVibration_X_RMS_Velocity_bins" WHEN 'current' THEN "wRMSCurrent_bins"
          WHEN 'load' THEN "wCurrentLoad_bins" WHEN 'encoder' THEN "wEncoderVelocity_bins" ELSE probability_bins
        END AS bins,
        CASE what
          WHEN 'temperature' THEN "rVibration_Temp" WHEN 'vibration-z' THEN "rVibration_Z_RMS_Velocity"
          WHEN 'vibration-x' THEN "rVibration_X_RMS_Velocity" WHEN 'current' THEN "wRMSCurrent"
          WHEN 'load' THEN "wCurrentLoad" WHEN 'encoder' THEN "wEncoderVelocity" ELSE probability
        END AS mean
      FROM detailed_hours_asked CROSS JOIN measured_asked
    ) AS binned
    UNION ALL
    SELECT what, least(1e6, greatest(-1e6, floor(value * a_unit))) AS bin, 1 AS samples, value AS total
    FROM (
      SELECT
        what,
        a_unit,
        CASE what
          WHEN 'temperature' THEN "rVibration_Temp" WHEN 'vibration-z' THEN "rVibration_Z_RMS_Velocity"
          WHEN 'vibration-x' THEN "rVibration_X_RMS_Velocity" WHEN 'current' THEN "wRMSCurrent"
          WHEN 'load' THEN "wCurrentLoad" WHEN 'encoder' THEN "wEncoderVelocity" ELSE probability
        END AS value
      FROM undetailed_asked CROSS JOIN measured_asked
    ) AS measured
    WHERE value IS NOT NULL
  ) AS placed
  GROUP BY 1, 2
)

spaced_hours_asked AS NOT MATERIALIZED (
  -- What only a look at each sample and the one before it says; not known of hours that an earlier version rolled up for good.
  SELECT
    cylinder, hour, samples, first_t, last_t, late, latest_ms, seconds, longest_gap_ms,
    speeds, moving, first_speed, last_speed, starts, coalesce(first_gateway, gateway) AS first_gateway, gaps
  FROM detailed_hours_asked
  WHERE seconds IS NOT NULL
  UNION ALL
  SELECT
    cylinder,
    hour,
    count(*) AS samples,
    min(t) AS first_t,
    max(t) AS last_t,
    count(CASE WHEN date_diff('millisecond', t, received_at) > 60000 THEN 1 END) AS late,
    max(date_diff('millisecond', t, received_at)) AS latest_ms,
    count(CASE WHEN gap_ms IS NULL OR gap_ms > 0 THEN 1 END) AS seconds,
    max(gap_ms) AS longest_gap_ms,
    count(speed) AS speeds,
    count(CASE WHEN speed > 0 THEN 1 END) AS moving,
    arg_min(speed, t) AS first_speed,
    arg_max(speed, t) AS last_speed,
    count(CASE WHEN speed > 0 AND speed_before <= 0 THEN 1 END) AS starts,
    arg_min(gateway, t) AS first_gateway,
    list({gateway: gateway, began_at: t_before, ended_at: t} ORDER BY t) FILTER (gap_ms > 10000) AS gaps
  FROM (
    SELECT
      cylinder, hour, gateway, t, received_at, speed,
      lag(t) OVER spaced AS t_before,
      date_diff('millisecond', lag(t) OVER spaced, t) AS gap_ms,
      lag(speed IGNORE NULLS) OVER spaced AS speed_before
    FROM (
      SELECT cylinder, date_trunc('hour', t) AS hour, gateway, t, received_at, "wEncoderVelocity" AS speed FROM undetailed_asked
    ) AS seen
    WINDOW spaced AS (PARTITION BY cylinder, hour ORDER BY t)
  ) AS looked
  GROUP BY 1, 2
)

spaced_asked AS NOT MATERIALIZED (
  -- Each sample that may end a gap, with the one before it.
  WITH looked AS MATERIALIZED (
    SELECT cylinder, hour, first_gateway, first_t, last_t, gaps FROM spaced_hours_asked
  )
  SELECT cylinder, first_gateway AS gateway, lag(last_t) OVER (PARTITION BY cylinder ORDER BY hour) AS began_at, first_t AS ended_at
  FROM looked
  UNION ALL
  SELECT cylinder, gap.gateway, gap.began_at, gap.ended_at
  FROM (SELECT cylinder, unnest(gaps) AS gap FROM looked) AS within
)

days_asked AS NOT MATERIALIZED (
  -- How many samples each cylinder has of each day, how far apart, and how late they came.
  SELECT
    cylinder,
    day,
    sum(samples) AS samples,
    sum(seconds) AS seconds,
    max(greatest(longest_gap_ms, gap_ms)) AS longest_gap_ms,
    sum(late) AS late,
    max(latest_ms) AS latest_ms
  FROM (
    SELECT
      cylinder,
      date_trunc('day', hour) AS day,
      samples,
      seconds,
      longest_gap_ms,
      date_diff('millisecond', lag(last_t) OVER (PARTITION BY cylinder, date_trunc('day', hour) ORDER BY hour), first_t) AS gap_ms,
      late,
      latest_ms
    FROM spaced_hours_asked
  ) AS hours
  GROUP BY 1, 2
)

moves_asked AS NOT MATERIALIZED (
  -- How long the encoder moved in each hour, and how often it started in it, from the end of the hour before on.
  SELECT
    cylinder,
    speeds,
    moving,
    starts + CASE WHEN first_speed > 0 AND lag(last_speed) OVER (PARTITION BY cylinder ORDER BY hour) <= 0 THEN 1 ELSE 0 END AS starts
  FROM spaced_hours_asked
  WHERE speeds > 0
)

incidents_asked AS (
  SELECT *
  FROM incidents
  WHERE raised_at >= :from AND raised_at < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-')
)

stretches_asked AS (
  -- The hour before each incident and the one that ended a day before it began. They are read in turn, together those that
  -- begin in the same hour.
  SELECT *, dense_rank() OVER (ORDER BY date_trunc('hour', since)) AS turn
  FROM (
    SELECT id, cylinder, began_at, true AS before, began_at - INTERVAL 1 HOUR AS since, began_at AS until
    FROM incidents_asked
    UNION ALL
    SELECT id, cylinder, began_at, false AS before, began_at - INTERVAL 25 HOUR AS since, began_at - INTERVAL 24 HOUR AS until
    FROM incidents_asked
  ) AS stretches
  WHERE until > :from AND since < :to
)

near_asked AS (
  -- The samples of these. Each turn is a join of its own, so that DuckDB skips what lies outside of its stretches, where
  -- one join of all would look at each sample that is asked about.
  WITH RECURSIVE near AS (
    SELECT
      0 AS turn, cast(NULL AS varchar) AS id, cast(NULL AS varchar) AS cylinder, cast(NULL AS timestamp) AS began_at,
      cast(NULL AS boolean) AS before, cast(NULL AS double) AS temp, cast(NULL AS double) AS z, cast(NULL AS double) AS x,
      cast(NULL AS double) AS current_a, cast(NULL AS double) AS load, cast(NULL AS double) AS encoder
    UNION ALL
    (
      SELECT turn + 1 AS turn, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM near
      WHERE id IS NULL AND turn < (SELECT max(turn) FROM stretches_asked)
      UNION ALL
      SELECT
        i.turn, i.id, i.cylinder, i.began_at, i.before, s."rVibration_Temp", s."rVibration_Z_RMS_Velocity",
        s."rVibration_X_RMS_Velocity", s."wRMSCurrent", s."wCurrentLoad", s."wEncoderVelocity"
      FROM near
      JOIN stretches_asked AS i ON i.turn = near.turn + 1
      JOIN samples_asked AS s ON s.cylinder = i.cylinder AND s.t >= i.since AND s.t < i.until
      WHERE near.id IS NULL
    )
  )
  SELECT * FROM near WHERE id IS NOT NULL
)

notices_asked AS (
  SELECT id, type, cylinder, gateway, incident, min(made_at) AS made_at
  FROM notices
  WHERE made_at >= :from AND made_at < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR gateway = :site OR substr(gateway, 1, length(:site) + 1) = :site || '-'
      OR cylinder IN (SELECT cylinder FROM incidents_asked))
  GROUP BY 1, 2, 3, 4, 5
)

offline_asked AS (
  SELECT cylinder, gateway, made_at
  FROM notices
  WHERE type = 'OFFLINE' AND made_at >= :from
)

transitions_asked AS (
  SELECT *
  FROM transitions
  WHERE t >= :from AND t < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

commands_asked AS (
  SELECT *
  FROM commands
  WHERE t >= :from AND t < :to
    AND (:cylinder IS NULL OR cylinder = :cylinder)
    AND (:site IS NULL OR cylinder IN (SELECT cylinder FROM incidents_asked))
)

quarantine_asked AS (
  SELECT cylinder, received_at, reason
  FROM quarantine
  WHERE received_at >= :from AND (:cylinder IS NULL OR cylinder = :cylinder)
)
