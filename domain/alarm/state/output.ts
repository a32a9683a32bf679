/** The four conditions of a cylinder, after OPC UA Part 9 and ISA-18.2. */
export type Condition = 'NORMAL' | 'SUSPECT' | 'ACTIVE' | 'CLEARING';

/** Whether an incident is open in this condition. */
export const isOpenCondition = (condition: Condition): boolean =>
  condition === 'ACTIVE' || condition === 'CLEARING';

export type ConditionOutput = Readonly<{
  kind: 'condition';
  cylinder: string;
  t: number;
  from: Condition;
  to: Condition;
  incident: string | null;
  began?: number;
  cause?: 'maintenance';
}>;

export type SeverityOutput = Readonly<{
  kind: 'severity';
  cylinder: string;
  t: number;
  incident: string;
  severity: string;
}>;

export type IncidentNoticeType =
  | 'RAISED'
  | 'REOPENED'
  | 'FLAPPING'
  | 'ESCALATED'
  | 'SHELF_EXPIRED'
  | 'REMINDER'
  | 'RECOVERED';

export type NoticeOutput =
  | Readonly<{
      kind: 'notice';
      cylinder: string;
      id: string;
      type: IncidentNoticeType;
      incident: string;
      severity: string;
      at: number;
    }>
  | Readonly<{
      kind: 'notice';
      cylinder: string;
      id: string;
      type: 'OCCURRED';
      incident: string;
      severity: string;
      incidents: readonly string[];
      count: number;
      at: number;
    }>
  | Readonly<{ kind: 'notice'; gateway: string; id: string; type: 'OFFLINE' | 'ONLINE'; at: number }>
  | Readonly<{
      kind: 'notice';
      cylinder: string;
      gateway: string;
      id: string;
      type: 'OFFLINE' | 'ONLINE';
      at: number;
    }>;

export type RefusedOutput = Readonly<{
  kind: 'refused';
  cylinder: string;
  type: string;
  why: string;
  at: number;
}>;

export type LateOutput = Readonly<{ kind: 'late'; cylinder: string; t: number }>;

export type QuarantineOutput = Readonly<{ kind: 'quarantine'; cylinder: string; t: number }>;

/** What the alarm says happened, in the form of a line of `sentinel replay`. Times are ms since the epoch. */
export type AlarmOutput =
  | ConditionOutput
  | SeverityOutput
  | NoticeOutput
  | RefusedOutput
  | LateOutput
  | QuarantineOutput;
