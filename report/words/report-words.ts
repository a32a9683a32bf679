type Texts<K extends string> = Readonly<Record<K, string>>;

/** What a report says besides the words of notices, in one language. */
export type ReportWords = Readonly<{
  title: string;
  period: (from: string, to: string) => string;
  madeAt: (when: string, place: string) => string;
  onlyCylinder: (name: string) => string;
  onlySite: (name: string) => string;
  empty: string;
  queryTag: string;
  none: string;
  noReference: string;
  more: (count: number, query: string) => string;
  sections: Texts<
    'summary' | 'worst' | 'incidents' | 'coverage' | 'gaps' | 'load' | 'drift' | 'model' | 'sources'
  >;
  notes: Texts<'worst' | 'incidents' | 'coverage' | 'gaps' | 'load' | 'drift' | 'model' | 'sources'>;
  tiles: Texts<
    | 'cylinders'
    | 'availability'
    | 'incidents'
    | 'precision'
    | 'mtbf'
    | 'mttr'
    | 'mtta'
    | 'coverage'
    | 'notices'
    | 'samples'
  >;
  tileNotes: Readonly<{
    runningHours: (hours: string) => string;
    openIncidents: (count: number) => string;
    judged: (count: number) => string;
    failures: (count: number) => string;
    perDay: (count: string) => string;
    late: (count: string) => string;
  }>;
  columns: Texts<
    | 'cylinder'
    | 'incidents'
    | 'trouble'
    | 'longest'
    | 'faults'
    | 'noFault'
    | 'open'
    | 'abnormal'
    | 'mtbf'
    | 'mttr'
    | 'availability'
    | 'from'
    | 'to'
    | 'lasted'
    | 'cause'
    | 'what'
    | 'psi'
    | 'verdict'
    | 'reference'
    | 'now'
    | 'model'
    | 'policy'
    | 'first'
    | 'last'
    | 'samples'
    | 'cylinders'
    | 'mean'
    | 'judged'
    | 'precision'
    | 'day'
    | 'notices'
    | 'most'
    | 'floods'
    | 'chattering'
    | 'stale'
    | 'query'
    | 'command'
  >;
  incident: Texts<
    | 'began'
    | 'lasted'
    | 'goesOn'
    | 'told'
    | 'acknowledged'
    | 'closed'
    | 'not'
    | 'why'
    | 'noWhy'
    | 'course'
    | 'noCourse'
    | 'open'
  > &
    Readonly<{ after: (duration: string) => string; reopened: (count: number) => string }>;
  outcomes: Readonly<Record<string, string>>;
  causes: Readonly<Record<string, string>>;
  card: Texts<
    | 'figure'
    | 'value'
    | 'trainedOn'
    | 'testedOn'
    | 'auc'
    | 'averagePrecision'
    | 'logLoss'
    | 'brier'
    | 'from'
    | 'said'
    | 'was'
    | 'noCalibration'
    | 'low'
    | 'high'
    | 'missing'
    | 'provenance'
    | 'file'
    | 'rowCount'
    | 'abnormalRows'
    | 'none'
  > &
    Readonly<{
      made: (rounds: string, depth: string, split: string) => string;
      rows: (all: string, abnormal: string) => string;
      of: (some: string, all: string) => string;
      found: (threshold: string) => string;
      falsely: (threshold: string) => string;
      calibration: (kind: string) => string;
      sound: (rows: string) => string;
      splits: Readonly<Record<string, string>>;
    }>;
  score: string;
  drifts: Texts<'stable' | 'moving' | 'shifted'>;
  coverageKeys: Texts<'full' | 'some' | 'half' | 'little' | 'nothing'>;
  fleet: string;
  hours: (text: string) => string;
  minutes: (text: string) => string;
}>;
