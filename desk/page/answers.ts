import type { NoticeFacts } from '../../domain/notice/notice.ts';
import type * as schemas from '../api/schemas.ts';
import type { Sent } from '../api/schemas.ts';

/** What the API answers, by the schemas that it is held to: the page is served by the API it asks, and takes its word. */
export type FleetRow = schemas.FleetRow;
export type FleetAnswer = Sent<typeof schemas.fleetAnswer>;
export type CylinderAnswer = Sent<typeof schemas.cylinderAnswer>;
export type SensorNow = CylinderAnswer['sensors'][number];
export type HistoryAnswer = Sent<typeof schemas.historyAnswer>;
export type SamplesAnswer = Sent<typeof schemas.samplesAnswer>;
/** `facts` is what the latest notice of the incident said; the schema leaves it open. */
export type IncidentAnswer = Omit<Sent<typeof schemas.incidentAnswer>, 'facts'> &
  Readonly<{ facts: NoticeFacts | null }>;
export type Step = IncidentAnswer['course'][number];
export type IncidentsAnswer = Sent<typeof schemas.incidentsAnswer>;
export type SystemAnswer = Sent<typeof schemas.systemAnswer>;
export type NoticesAnswer = Sent<typeof schemas.noticesAnswer>;
