/** Why a message, or one sample of it, was not understood. */
export type RejectionReason =
  | 'topic'
  | 'too-large'
  | 'not-utf8'
  | 'not-json'
  | 'not-an-object'
  | 'version'
  | 'cylinder'
  | 'no-samples'
  | 'sample'
  | 'time'
  | 'time-ahead'
  | 'identity'
  | 'probability'
  | 'sensor'
  | 'why'
  | 'store';

/** One thing that was not understood: the whole message (`index` null) or the sample at `index`. */
export type Rejection = Readonly<{
  reason: RejectionReason;
  /** A sentence for the person who looks into the quarantine. */
  detail: string;
  index: number | null;
  cylinder: string | null;
  t: number | null;
}>;
