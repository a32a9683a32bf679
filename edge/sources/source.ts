import type { SensorValues } from '../../domain/message/sample.ts';

/** What the sensors of one cylinder said at one time, before any model has seen it. */
export type SourceSample = Readonly<{
  cylinder: string;
  /** ms since the epoch. */
  t: number;
  values: SensorValues;
  /** Whether the cylinder was truly abnormal; null where nobody knows. */
  label: boolean | null;
}>;

/**
 * Where samples come from, in batches of any size, each cylinder's in the order of time. A source does not wait for
 * the time of its samples: who reads it does. An error that it throws ends it.
 */
export type Source = Iterable<readonly SourceSample[]> | AsyncIterable<readonly SourceSample[]>;

/** What befalls a source while it runs. */
export type SourceEvent =
  /** Something in it was not understood and skipped; `reason` is what such faults are counted by. */
  | Readonly<{ kind: 'bad-line'; source: string; reason: string; message: string }>
  /** Something about it is as it should be, again or for the first time. */
  | Readonly<{ kind: 'well'; source: string; message: string }>
  /** It failed and gives no more samples; others go on. */
  | Readonly<{ kind: 'failed'; source: string; message: string }>;

export type OnSourceEvent = (event: SourceEvent) => void;

/** Hands items from several givers to one taker; a giver waits until its item is wanted. */
type Channel<T> = Readonly<{
  /** Resolves with true when the item was taken and another one is wanted, with false after the end. */
  send(item: T): Promise<boolean>;
  /** Nothing more comes: the taker ends when it has what was given before. */
  end(): void;
  items(): AsyncGenerator<T, void>;
}>;

export const createChannel = <T>(): Channel<T> => {
  const offers: Readonly<{ item: T; answer: (isWanted: boolean) => void }>[] = [];
  let isEnded = false;
  let changed = Promise.withResolvers<void>();

  function end(): void {
    isEnded = true;
    changed.resolve();
  }

  return {
    send(item) {
      if (isEnded) return Promise.resolve(false);
      return new Promise((answer) => {
        offers.push({ item, answer });
        changed.resolve();
      });
    },
    end,
    async *items() {
      try {
        while (true) {
          const offer = offers.shift();
          if (offer !== undefined) {
            let isWanted = false;
            try {
              yield offer.item;
              isWanted = true;
            } finally {
              // Only now the giver may go on.
              offer.answer(isWanted);
            }
          } else if (isEnded) return;
          else {
            await changed.promise;
            changed = Promise.withResolvers();
            if (isEnded) changed.resolve();
          }
        }
      } finally {
        end();
        for (const { answer } of offers.splice(0)) answer(false);
      }
    },
  };
};

export type NamedSource = Readonly<{ name: string; source: Source }>;

/** All samples of several sources as they come, until the last one ends. One that fails is reported and the others go on. */
export const mergeSources = (sources: readonly NamedSource[], onEvent: OnSourceEvent): Source => {
  const channel = createChannel<readonly SourceSample[]>();
  let running = sources.length;

  async function pump({ name, source }: NamedSource): Promise<void> {
    try {
      for await (const batch of source) if (!(await channel.send(batch))) return;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      onEvent({ kind: 'failed', source: name, message });
    }
    running -= 1;
    if (running === 0) channel.end();
  }

  return {
    async *[Symbol.asyncIterator]() {
      if (running === 0) channel.end();
      for (const source of sources) void pump(source);
      yield* channel.items();
    },
  };
};
