import type { CylinderState } from '../alarm/state/state.ts';
import type { Statistics } from '../cylinder/statistics.ts';
import { endOfIncident } from '../incident/incident-record.ts';
import { adviceOn } from './advice.ts';
import { deviationsOf } from './deviations.ts';
import type { NoticeFacts } from './notice.ts';

/** How many sensors a notice names. */
const NAMED_SENSORS = 2;

/** What is known of a cylinder as a notice is made of one of its incidents; null where no sample of it was ever seen. */
export const gatherFacts = (
  incidentId: string | null,
  alarm: CylinderState,
  statistics: Statistics | null,
): NoticeFacts | null => {
  if (statistics === null) return null;
  const { window, samplePeriodMs } = alarm;
  const incident = alarm.incident?.id === incidentId ? alarm.incident : null;
  const deviations = deviationsOf(statistics);
  return {
    gateway: alarm.gateway,
    beganAt: incident?.beganAt ?? null,
    endedAt: incident === null ? null : endOfIncident(incident, samplePeriodMs),
    endedByMaintenance: incident !== null && incident.endedAt !== null,
    abnormalShare: window.countedSlots === 0 ? 0 : window.abnormalSlots / window.countedSlots,
    windowMs: window.size * samplePeriodMs,
    probability: statistics.last.probability,
    deviations: deviations.slice(0, NAMED_SENSORS),
    advice: adviceOn(deviations),
  };
};
