import type { IncidentRecord } from '../../../domain/incident/incident-record.ts';
import type { Notice } from '../../../domain/notice/notice.ts';
import { incidentRecord, RAISED_AT } from '../../fixture/incident-record.ts';

/** A notice that a cylinder is in trouble, known by its id. */
export const raised = (id: string): Notice => ({
  output: {
    kind: 'notice',
    cylinder: 'cyl-07',
    id,
    type: 'RAISED',
    incident: `cyl-07@${RAISED_AT}`,
    severity: 'warning',
    at: RAISED_AT,
  },
  facts: null,
});

/** A notice that a gateway is silent, known by its id. */
export const offline = (id: string): Notice => ({
  output: { kind: 'notice', gateway: 'line-3', id, type: 'OFFLINE', at: RAISED_AT },
  facts: null,
});

/** What is kept of an incident, known by its id. */
export const incidentOf = (id: string, severity = 'warning'): IncidentRecord =>
  incidentRecord({ id, severity });
