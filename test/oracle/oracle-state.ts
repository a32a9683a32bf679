import type { OraclePolicy } from './oracle-policy.ts';

export type Condition = 'NORMAL' | 'SUSPECT' | 'ACTIVE' | 'CLEARING';

/** What was received for one slot before it was evaluated; a bit once set stays set. */
export interface SlotBits {
  abnormal: boolean;
  running: boolean;
}

/** One evaluated slot with all that the evaluation decided about it. */
export interface Judged {
  readonly slot: number;
  readonly received: boolean;
  readonly running: boolean;
  readonly abnormal: boolean;
  readonly inMaintenance: boolean;
  /** Received after a gap of more than `staleAfterMs` in the received slots. */
  readonly afterGap: boolean;
  /** How many maintenance commands had come into force: the window and the warm-up never look past one. */
  readonly maintenances: number;
  /** The width of the window when this slot was evaluated. */
  readonly windowSlots: number;
  counts: boolean;
}

export interface Told {
  readonly type: string;
  readonly severity: string;
  readonly at: number;
}

export interface Incident {
  readonly id: string;
  severity: string;
  /** Slots spent active. */
  active: number;
  /** The first abnormal counting slot of the window that raised it first. */
  readonly began: number;
  /** The slots that raised it: the first, then one for each reopening. */
  readonly raisings: number[];
  /** The slot of the last clearing; null while open, or when maintenance ended it. */
  clearedSlot: number | null;
  over: boolean;
  closed: boolean;
  maintained: boolean;
  acknowledged: boolean;
  /** Cleared at or above `notifyFrom` while nobody was told of it and it was not shelved. */
  occurredUntold: boolean;
  readonly notices: Told[];
}

export interface Cylinder {
  readonly name: string;
  readonly slots: Map<number, SlotBits>;
  readonly judged: Judged[];
  /** How many slots had been evaluated when the last tick was over. */
  judgedAtTick: number;
  condition: Condition;
  hold: number;
  readonly incidents: Incident[];
  shelf: { readonly until: number } | null;
  maintenances: number;
  maintenanceUntil: number;
  /** The newest `at` of each kind of command, refused ones included. */
  readonly newest: Map<string, number>;
  lastSeen: number | null;
  gateway: string | null;
  offline: { readonly id: string; readonly gateway: string } | null;
}

export interface Gateway {
  readonly name: string;
  lastSeen: number;
  /** Since when it speaks without a pause of `staleAfterMs`. */
  since: number;
  offline: { readonly id: string } | null;
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
    slots: new Map(),
    judged: [],
    judgedAtTick: 0,
    condition: 'NORMAL',
    hold: 0,
    incidents: [],
    shelf: null,
    maintenances: 0,
    maintenanceUntil: Number.NEGATIVE_INFINITY,
    newest: new Map(),
    lastSeen: null,
    gateway: null,
    offline: null,
  };
  stream.cylinders.set(name, fresh);
  return fresh;
};

/** The latest incident, if it is open (ACTIVE or CLEARING). */
export const openIncident = (cylinder: Cylinder): Incident | undefined => {
  const latest = cylinder.incidents.at(-1);
  return latest === undefined || latest.over ? undefined : latest;
};
