import type { OraclePolicy } from './oracle-policy.ts';

export type Condition = 'NORMAL' | 'SUSPECT' | 'ACTIVE' | 'CLEARING';

/** What was received for one slot before it was evaluated; a bit once set stays set. */
export interface SlotBits {
  abnormal: boolean;
  running: boolean;
}

/** One evaluated slot with all that the evaluation decided about it, or a run of slots that were not received. */
export interface Evaluated {
  readonly slot: number;
  readonly startMs: number;
  readonly periodMs: number;
  /** How many slots this stands for; `slot` is the last of them. */
  readonly slots: number;
  readonly received: boolean;
  readonly running: boolean;
  readonly abnormal: boolean;
  readonly inMaintenance: boolean;
  /** Received after a gap of more than `staleAfterMs` in the received slots. */
  readonly afterGap: boolean;
  /** How often slots had begun afresh, by maintenance or a new period: window and warm-up never look past that. */
  readonly beginning: number;
  /** The width of the window when this slot was evaluated. */
  readonly windowSlots: number;
  counts: boolean;
}

export interface Notified {
  readonly type: string;
  readonly severity: string;
  /** Slots that the incident had spent active by then. */
  readonly active: number;
  readonly at: number;
}

export interface Incident {
  readonly id: string;
  severity: string;
  /** Slots spent active. */
  active: number;
  /** The start of the first abnormal counting slot of the window that raised it first. */
  readonly beganMs: number;
  /** The slots that raised it: the first, then one for each reopening. */
  readonly raisings: number[];
  /** The slot of the last clearing; null while open, or when maintenance or a new period ended it. */
  clearedSlot: number | null;
  over: boolean;
  closed: boolean;
  /** Maintenance or a new period came since it was raised. */
  interrupted: boolean;
  acknowledged: boolean;
  /** Cleared at or above `notifyFrom` while nobody was told of it and it was not shelved. */
  occurredUntold: boolean;
  readonly notices: Notified[];
}

/** One time at which something was heard that was later than every time before, with how long it had been silent. */
export interface Hearing {
  at: number;
  readonly gateway: string;
  /** Nothing was heard for `staleAfterMs` or more before it, or nothing ever. */
  readonly afterPause: boolean;
  /** Nothing was heard for `offlineAfterMs` or more before it, or nothing ever. */
  readonly anew: boolean;
}

/** An OFFLINE that was told; `answered` once its ONLINE was. */
export interface Offline {
  readonly id: string;
  readonly gateway: string;
  readonly toldAt: number;
  readonly flapping: boolean;
  /** How many hearings there had been when it was told. */
  readonly hearings: number;
  answered: boolean;
}

export interface Source {
  readonly hearings: Hearing[];
  readonly offlines: Offline[];
}

/** Why a cylinder that is heard was not judged, once for each sample or slot; `judged` and `maintenance` begin anew. */
export type Mark = 'ahead' | 'late' | 'coverage' | 'warm-up' | 'judged' | 'maintenance';

export interface Cylinder extends Source {
  readonly name: string;
  periodMs: number;
  /** The slots received under this period. */
  slots: Map<number, SlotBits>;
  readonly evaluated: Evaluated[];
  /** How many slots had been evaluated when the last tick was over. */
  evaluatedAtTick: number;
  condition: Condition;
  hold: number;
  readonly incidents: Incident[];
  shelf: { readonly until: number } | null;
  beginnings: number;
  maintenanceUntil: number;
  /** The newest `at` of each kind of command, refused ones included. */
  readonly newest: Map<string, number>;
  /** `receivedAt` of every input with a sample taken or late. */
  readonly seen: number[];
  /** `receivedAt` of every input that judged a slot. */
  readonly judgedAt: number[];
  readonly marks: Mark[];
  unwatched: { readonly id: string; readonly gateway: string } | null;
}

export interface Gateway extends Source {
  readonly name: string;
}

export interface Stream {
  policy: OraclePolicy;
  readonly cylinders: Map<string, Cylinder>;
  readonly gateways: Map<string, Gateway>;
  readonly out: object[];
}

/** The cylinder of that name, made when it is first spoken of. */
export const cylinderOf = (stream: Stream, name: string): Cylinder => {
  const known = stream.cylinders.get(name);
  if (known !== undefined) return known;
  const fresh: Cylinder = {
    name,
    periodMs: stream.policy.samplePeriodMs,
    slots: new Map(),
    evaluated: [],
    evaluatedAtTick: 0,
    condition: 'NORMAL',
    hold: 0,
    incidents: [],
    shelf: null,
    beginnings: 0,
    maintenanceUntil: Number.NEGATIVE_INFINITY,
    newest: new Map(),
    hearings: [],
    offlines: [],
    seen: [],
    judgedAt: [],
    marks: [],
    unwatched: null,
  };
  stream.cylinders.set(name, fresh);
  return fresh;
};

/** The latest incident, if it is open (ACTIVE or CLEARING). */
export const openIncident = (cylinder: Cylinder): Incident | undefined => {
  const latest = cylinder.incidents.at(-1);
  return latest === undefined || latest.over ? undefined : latest;
};
