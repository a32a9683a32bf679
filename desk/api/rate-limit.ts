const MAX_NAMES = 1000;

/** So many a second, and as many at once as come in two seconds; by a name each, of which few are remembered. */
export const rateLimit = (perSecond: number, nowMs: () => number = () => performance.now()) => {
  const left = new Map<string, { tokens: number; at: number }>();
  return (name: string): boolean => {
    const at = nowMs();
    const before = left.get(name) ?? { tokens: 2 * perSecond, at };
    const tokens = Math.min(2 * perSecond, before.tokens + ((at - before.at) / 1000) * perSecond);
    left.delete(name);
    left.set(name, { tokens: tokens < 1 ? tokens : tokens - 1, at });
    const [oldest] = left.keys();
    if (left.size > MAX_NAMES && oldest !== undefined) left.delete(oldest);
    return tokens >= 1;
  };
};
