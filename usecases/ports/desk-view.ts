import type { CylinderRecord, GatewayRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { RollupFigures } from '../../domain/cylinder/rollup.ts';
import type { CourseEvent, IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Sample } from '../../domain/message/sample.ts';
import type { QuarantineSummary } from './line-view.ts';
import type { SentNotice } from './notification-log.ts';

/** Which incidents are asked for, the newest first; null where it does not matter. Times are ms. */
export type DeskQuestion = Readonly<{
  cylinder: string | null;
  open: boolean | null;
  severity: string | null;
  /** `none`: nobody has closed it. */
  outcome: string | null;
  /** Those that were there at some time of the period. */
  from: number | null;
  to: number | null;
  limit: number;
  /** Only those that began before this one, or at the same time under a lesser name. */
  after: Readonly<{ beganAt: number; id: string }> | null;
}>;

/** What the pipeline says of itself; null where that has to be looked for elsewhere. */
export type PipelineState = Readonly<{
  backlog: number | null;
  quarantine: QuarantineSummary | null;
  deadLetters: number | null;
  /** Where to look for what is null of these. */
  elsewhere?: Readonly<{ backlog: string; quarantine: string }>;
  channels: readonly Readonly<{ name: string; pending: number; lastError: string | null }>[];
}>;

/** What a person at the desk sees of a line. It changes nothing, and no call may hold up the pipeline. */
export type DeskView = Readonly<{
  cylinders(): Promise<ReadonlyMap<string, CylinderRecord>>;
  cylinder(name: string): Promise<CylinderRecord | null>;
  gateways(): Promise<ReadonlyMap<string, GatewayRecord>>;
  incidents(question: DeskQuestion): Promise<readonly IncidentRecord[]>;
  incident(id: string): Promise<IncidentRecord | null>;
  /** What happened to an incident beside what its record says, the earliest first. */
  course(incident: Pick<IncidentRecord, 'id' | 'cylinder'>): Promise<readonly CourseEvent[]>;
  /** What a cylinder measured in parts of five minutes that lie between two times, ms, the earliest first, but for the five that go on. */
  rollups(cylinder: string, from: number, to: number): Promise<readonly RollupFigures[]>;
  /** The samples of a cylinder from one time to another, both ms, the earliest first; none where the store has none. */
  samples(cylinder: string, from: number, to: number): Promise<readonly Sample[]>;
  /** The newest first. */
  notices(
    of: Readonly<{ incident: string | null; cylinder: string | null; limit: number }>,
  ): Promise<readonly SentNotice[]>;
  pipeline(): Promise<PipelineState>;
}>;
