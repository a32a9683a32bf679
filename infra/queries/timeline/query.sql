-- What happened to each incident, step by step: what the alarm did, what people were told, what they asked for. Maintenance, which
-- needs no incident, stands under the cylinder's own name for it.
-- Column incident: the incident; for maintenance <cylinder>@maintenance
-- Column t: when, UTC; of a notice when it was made
-- Column happened: raised, reopened, escalated or cleared; notified; acknowledged, shelved, unshelved, maintenance, closed or refused
-- Column given_by: who asked for it; empty where the alarm did it
-- Column words: the severity or the cause, the type of the notice, or what was said
SELECT cylinder, incident, t, kind AS happened, cast(NULL AS varchar) AS given_by, cause AS words
FROM transitions_asked
UNION ALL
SELECT cylinder, incident, t, kind AS happened, given_by, words
FROM commands_asked
UNION ALL
SELECT cylinder, incident, made_at AS t, 'notified' AS happened, cast(NULL AS varchar) AS given_by, type AS words
FROM notices_asked
WHERE incident IS NOT NULL
ORDER BY 1, 2, 3, 4, 6
