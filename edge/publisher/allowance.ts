/** Whether `amount` may be sent by now; then it is taken. More than a second's worth is taken when a second's worth has gathered. */
export type Allowance = (amount: number) => boolean;

/** An allowance of `perSecond`, more than 0, that gathers for at most a second; `now` is a clock that is never set, ms. */
export const createAllowance = (perSecond: number, now: () => number): Allowance => {
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
