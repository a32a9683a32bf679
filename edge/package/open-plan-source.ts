import { generatedSource } from '../sources/generated-source.ts';
import type { NamedSource } from '../sources/merge-sources.ts';
import { openSocketSource } from '../sources/socket-source.ts';
import type { OnSourceEvent } from '../sources/source-event.ts';
import type { Plan } from './plan.ts';

export type OpenedPlanSource =
  | Readonly<{
      ok: true;
      open(onEvent: OnSourceEvent): Promise<readonly NamedSource[]>;
      close(): Promise<void>;
    }>
  | Readonly<{ ok: false; message: string }>;

/** Opens what a plan reads from. What is wrong with its socket is a value, since another configuration may cure it. */
export const openPlanSource = async ({ source, socketPath, ...made }: Plan): Promise<OpenedPlanSource> => {
  if (source !== 'socket') {
    const open = () => Promise.resolve([generatedSource({ kind: source, ...made }, Date.now())]);
    return { ok: true, open, close: () => Promise.resolve() };
  }
  let tell: OnSourceEvent = () => {};
  const opened = await openSocketSource({
    path: socketPath,
    now: Date.now,
    onEvent: (event) => tell(event),
  });
  if (!opened.ok) return { ok: false, message: opened.error.message };
  return {
    ok: true,
    open(onEvent) {
      tell = onEvent;
      return Promise.resolve([{ name: socketPath, source: opened.source }]);
    },
    close: opened.close,
  };
};
