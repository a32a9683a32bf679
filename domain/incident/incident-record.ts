/** What is kept of an incident for good. Times are ms since the epoch; null where it has not come to that. */
export type IncidentRecord = Readonly<{
  id: string;
  cylinder: string;
  gateway: string | null;
  /** Start of the first abnormal slot in the window that raised it. */
  beganAt: number;
  /** Start of the slot that raised it first. */
  raisedAt: number;
  /** Start of the slot that cleared it last. */
  clearedAt: number | null;
  endedBy: 'clearing' | 'maintenance' | null;
  severity: string;
  reopenings: number;
  acknowledgedBy: string | null;
  closedBy: string | null;
  outcome: string | null;
  mode: string | null;
  comment: string | null;
}>;
