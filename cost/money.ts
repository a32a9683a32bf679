/** Dollars with as many digits as say something: $1,234, $12.30, $0.0450. */
export const money = (dollars: number): string => {
  const digits = Math.abs(dollars) >= 100 ? 0 : Math.abs(dollars) >= 1 ? 2 : 4;
  const text = Math.abs(dollars).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${dollars < 0 ? '-' : ''}$${text}`;
};

/** A price of one unit, down to what Lambda asks for a second. */
export const unitMoney = (dollars: number): string => {
  const isWholeCents = Math.abs(dollars * 100 - Math.round(dollars * 100)) < 1e-9;
  return `$${isWholeCents ? dollars.toFixed(2) : dollars.toLocaleString('en-US', { maximumSignificantDigits: 6 })}`;
};

/** A number of units. */
export const quantity = (count: number): string => {
  const digits = count >= 100 ? 0 : count >= 1 ? 1 : 4;
  return count.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
};
