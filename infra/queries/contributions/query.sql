-- Why each incident was raised: the mean contribution of each sensor to the log-odds while it was abnormal, as of the raise.
-- Above 0 it spoke for abnormal. Empty where the model does not explain itself, and in incidents of before this was noted.
-- Column temperature: contribution of the temperature, log-odds
-- Column vibration_z: of the vibration Z
-- Column vibration_x: of the vibration X
-- Column current_drawn: of the current
-- Column load: of the load
-- Column encoder: of the speed
SELECT
  id, cylinder, raised_at,
  why[1] AS temperature,
  why[2] AS vibration_z,
  why[3] AS vibration_x,
  why[4] AS current_drawn,
  why[5] AS load,
  why[6] AS encoder
FROM incidents_asked
ORDER BY raised_at, id
