/** Hands items from several givers to one taker; a giver waits until its item is wanted. */
export type Channel<T> = Readonly<{
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
