import type { UnwatchedCause } from '../../domain/alarm/state/output.ts';
import type { IncidentRecord } from '../../domain/incident/incident-record.ts';

/** Why somebody should look: an incident open, or told and never acknowledged; kept quiet; not judged; not heard. */
export type Concern =
  | 'open'
  | 'unacknowledged'
  | 'shelved'
  | 'maintenance'
  | 'unwatched'
  | 'silent'
  | 'offline';

/** A cylinder or gateway that is not as it should be. Times are ms; null where it has not come to that. */
export type StatusRow = Readonly<{
  kind: 'cylinder' | 'gateway';
  name: string;
  concerns: readonly Concern[];
  /** Since when the first of them has been so. */
  since: number;
  severity: string | null;
  incident: string | null;
  /** Since when an incident is over that nobody has acknowledged. */
  overSince: number | null;
  acknowledgedBy: string | null;
  /** Until when it is shelved or in maintenance, by whom and why. */
  until: number | null;
  by: string | null;
  reason: string | null;
  /** Why it is unwatched. */
  cause: UnwatchedCause | null;
  lastSeenAt: number | null;
}>;

/** How a line stands at `now`: what wants looking at, the oldest first, and how many cylinders are heard and judged. */
export type LineStatus = Readonly<{
  now: number;
  watched: number;
  rows: readonly StatusRow[];
  /** What was not understood; null where that has to be looked for elsewhere. */
  quarantine: QuarantineSummary | null;
}>;

/** How many messages are in quarantine, how many were dropped for good to make room, and what for, the latest first. */
export type QuarantineSummary = Readonly<{
  messages: number;
  dropped: number;
  kinds: readonly Readonly<{
    topic: string;
    cylinder: string | null;
    reason: string;
    messages: number;
    firstAt: number;
    lastAt: number;
    client: string | null;
    detail: string;
  }>[];
}>;

/** Which incidents are asked for: of one cylinder or all, and those that began or ended at or after a time, ms. */
export type IncidentQuestion = Readonly<{ cylinder: string | null; sinceMs: number | null }>;

/** A line as a whole, for whoever looks at it: a pipeline that runs, or the ledger in the cloud. */
export type LineView = Readonly<{
  status(): Promise<LineStatus>;
  /** The incidents, the newest first; `now` is the pipeline's, ms. */
  incidents(
    question: IncidentQuestion,
  ): Promise<Readonly<{ now: number; incidents: readonly IncidentRecord[] }>>;
  close(): Promise<void>;
}>;
