/** Whether `amount` may be sent by now; then it is taken. More than a second's worth is taken when a second's worth has gathered. */
export type TokenBucket = (amount: number) => boolean;

/** A bucket that fills by `perSecond` (more than 0) a second and holds at most a second of it; `now` is a clock that is never set, ms. */
export const createTokenBucket = (perSecond: number, now: () => number): TokenBucket => {
  let available = perSecond;
  let countedMs = now();
  return (amount) => {
    const nowMs = now();
    available = Math.min(perSecond, available + ((nowMs - countedMs) * perSecond) / 1000);
    countedMs = nowMs;
    if (available < Math.min(amount, perSecond)) return false;
    available -= amount;
    return true;
  };
};
