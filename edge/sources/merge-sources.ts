import { createChannel } from './channel.ts';
import type { OnSourceEvent, Source, SourceSample } from './source.ts';

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
