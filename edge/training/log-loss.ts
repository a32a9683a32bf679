/** Cross-entropy of one row in nats, from the log-odds and the label 0 or 1. */
export const logLoss = (margin: number, label: number): number => {
  const towards = label === 1 ? -margin : margin;
  return towards > 30 ? towards : Math.log1p(Math.exp(towards));
};
