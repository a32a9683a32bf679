import * as v from 'valibot';

export const usageSchema = v.object({ cpuUs: v.number(), rssMb: v.number() });

/** What a process has used of the processor since it started, all threads, µs, and of memory now, MB. */
export type Usage = v.InferOutput<typeof usageSchema>;

/** What this process has used. */
export const usage = (): Usage => {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, rssMb: process.memoryUsage.rss() / 2 ** 20 };
};
