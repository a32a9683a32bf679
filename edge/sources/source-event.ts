/** What befalls a source while it runs. */
export type SourceEvent =
  /** Something in it was not understood and skipped. */
  | Readonly<{ kind: 'bad-line'; source: string; message: string }>
  /** It failed and gives no more samples; others go on. */
  | Readonly<{ kind: 'failed'; source: string; message: string }>;

export type OnSourceEvent = (event: SourceEvent) => void;
