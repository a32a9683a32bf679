import type { PolicyBook } from '../../domain/alarm/policy/policy-book.ts';
import type { AlarmOutput } from '../../domain/alarm/state/output.ts';
import type { CylinderRecord, GatewayRecord } from '../../domain/cylinder/cylinder-record.ts';
import type { Rollup } from '../../domain/cylinder/rollup.ts';
import type { CourseEntry, IncidentRecord } from '../../domain/incident/incident-record.ts';
import type { Notice } from '../../domain/notice/notice.ts';
import type { TwinReport } from '../../domain/twin/build-twin.ts';

/** A record with the version it was read at; records count up from 1 at every save. */
export type Versioned<T> = Readonly<{ record: T; version: number }>;

/** One atomic change: the new record, if it still stands at `expected` (0: not there yet), and all that goes out with it. */
export type CylinderChange = Readonly<{
  kind: 'cylinder';
  name: string;
  expected: number;
  record: CylinderRecord;
  notices: readonly Notice[];
  /** Transitions of the alarm, for whoever follows them line by line. */
  transitions: readonly AlarmOutput[];
  incidents: readonly IncidentRecord[];
  /** The five minutes that are over since the last change; a ledger keeps them for eight days, where it can. */
  rollups?: readonly Rollup[];
  /** What happened to its incidents; a ledger keeps it, where it can. */
  course?: readonly CourseEntry[];
  /** What the twin should say from now on, or null where it stays as it is. */
  twin: TwinReport | null;
  /** Where the twin is a refresh only, that says nothing new which people act upon: how it can be made of the record. */
  refreshed?: Readonly<{ staleAfterMs: number }>;
  /** The next look would find the same again: a ledger that holds its records in memory saves it with the next change. */
  isPassing?: true;
}>;

export type GatewayChange = Readonly<{
  kind: 'gateway';
  name: string;
  expected: number;
  record: GatewayRecord;
  notices: readonly Notice[];
}>;

export type LedgerChange = CylinderChange | GatewayChange;

/** What became of one change: `conflict` means somebody else saved first, and nothing of this change was kept. */
export type SaveOutcome = 'saved' | 'conflict';

/**
 * What an error may say that concerns some of what was asked only: why each of those `names` could not be read, or what
 * became of each change of a save, `outcomes`, in order. Where it says neither, nothing is known of any.
 */
export type PartialFailure = Readonly<{
  names?: ReadonlyMap<string, Error>;
  outcomes?: readonly (SaveOutcome | Error)[];
}>;

export type Names = Readonly<{ cylinders: readonly string[]; gateways: readonly string[] }>;

/**
 * How a record is read: as it is now, or as it was a moment ago at least, which costs half: for whoever saves over the
 * version that was read only, and for what the next look finds as well.
 */
export type Freshness = 'latest' | 'recent';

/** The ledger: the state of every cylinder and gateway, and the outbox that is written in one with it. */
export type Ledger = Readonly<{
  cylinders(
    names: readonly string[],
    freshness?: Freshness,
  ): Promise<ReadonlyMap<string, Versioned<CylinderRecord>>>;
  gateways(
    names: readonly string[],
    freshness?: Freshness,
  ): Promise<ReadonlyMap<string, Versioned<GatewayRecord>>>;
  /**
   * Everything on which time alone may act by `now`, ms: all whose record is due by then, and perhaps others. Those as
   * well that are due after `beyond`, as a record is whose times a clock told that was far ahead.
   */
  due(now: number, beyond?: number): Promise<Names>;
  /** The cylinders whose last sample came by the gateway. */
  cylindersOf(gateway: string): Promise<readonly string[]>;
  /**
   * Saves each change by itself, whole or not at all; one outcome for each, in order. Rejects when the service fails,
   * where that is known with what became of each (`PartialFailure`).
   */
  save(changes: readonly LedgerChange[]): Promise<readonly SaveOutcome[]>;
  /** Waits a little before a change is made anew that met another one so many times; absent where nobody else saves. */
  pause?(conflicts: number): Promise<void>;
}>;

/** The ledger, with the policies by which its records are folded. */
export type LedgerPorts = Readonly<{ ledger: Ledger; policies: PolicyBook }>;
