import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { DeskChange, DeskPorts } from './desk-ports.ts';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 100;

/** Tells a page of changes as they come, as server-sent events, where the home can: one that reads slowly misses some, and gets them named in the next. */
export const streamChanges = ({ changes, userOf }: DeskPorts) => {
  let streams = 0;
  return (context: Context): Response | Promise<Response> => {
    if (changes === null || userOf(context.req.raw) === null)
      return context.json({ error: { code: 'NotFound', message: 'ask again and again, with the tag' } }, 404);
    if (streams >= MAX_STREAMS)
      return context.json({ error: { code: 'TooMany', message: 'too many pages are open' } }, 503);
    context.header('cache-control', 'no-store');
    context.header('x-accel-buffering', 'no');
    return streamSSE(context, async (stream) => {
      streams += 1;
      let missed: DeskChange | null = null;
      let wake = Promise.withResolvers<void>();
      const end = changes((change) => {
        missed =
          missed === null
            ? change
            : {
                at: change.at,
                all: missed.all || change.all,
                cylinders: [...new Set([...missed.cylinders, ...change.cylinders])],
              };
        wake.resolve();
      });
      stream.onAbort(() => wake.resolve());
      try {
        await stream.writeSSE({ event: 'hello', data: '{}', retry: 2000 });
        while (!stream.aborted && !stream.closed) {
          const heartbeat = setTimeout(wake.resolve, HEARTBEAT_MS);
          await wake.promise;
          clearTimeout(heartbeat);
          wake = Promise.withResolvers<void>();
          const change = missed;
          missed = null;
          if (change === null) await stream.write(': still here\n\n');
          else await stream.writeSSE({ event: 'change', data: JSON.stringify(change) });
        }
      } finally {
        streams -= 1;
        end();
      }
    });
  };
};
