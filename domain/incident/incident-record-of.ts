import type { CylinderState, Incident } from '../alarm/state/state.ts';
import type { IncidentRecord } from './incident-record.ts';

const endOf = (incident: Incident): IncidentRecord['endedBy'] => {
  if (incident.endedAt !== null) return 'maintenance';
  return incident.clearedSlot === null ? null : 'clearing';
};

/** What is kept of an incident of a cylinder for good. */
export const incidentRecordOf = (
  cylinder: string,
  incident: Incident,
  { gateway, samplePeriodMs }: CylinderState,
): IncidentRecord => {
  const clearedAt = incident.clearedSlot === null ? null : incident.clearedSlot * samplePeriodMs;
  return {
    id: incident.id,
    cylinder,
    gateway,
    beganAt: incident.beganAt,
    raisedAt: incident.raisedAt,
    clearedAt: incident.endedAt ?? clearedAt,
    endedBy: endOf(incident),
    severity: incident.severity,
    reopenings: incident.reopenings,
    acknowledgedBy: incident.acknowledgedBy,
    closedBy: incident.closing?.by ?? null,
    outcome: incident.closing?.outcome ?? null,
    mode: incident.closing?.mode ?? null,
    comment: incident.closing?.comment ?? incident.comment,
  };
};
