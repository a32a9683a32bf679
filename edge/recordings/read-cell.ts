import type { TableStyle } from './table.ts';

const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const COMMA_NUMBER = /^[-+]?(\d{1,3}([. \u00A0\u202F']\d{3})+|\d+|(?=,))(,\d*)?(e[-+]?\d+)?$/i;
// Thousands that nothing else can be: before a decimal point, several, or divided by what no decimals begin with.
const GROUPED_NUMBER =
  /^[-+]?(\d{1,3}(,\d{3})+\.\d*|\d{1,3}(,\d{3}){2,}|\d{1,3}([ \u00A0\u202F']\d{3})+(\.\d*)?)$/;
// What numpy, pandas, R, spreadsheets, historians and programs in C write for what is missing.
const MISSING =
  /^(nan|-nan|nan\(ind\)|-?1\.#(ind|qnan|inf)\d*|#?n\/?a!?|null|nil|none|-+|\?+|\\n|[-+]?inf(inity)?|no data|bad( input)?|#(value|ref|div\/0|num|name|null)[!?]?|i\/o timeout|pt created|missing)?$/i;

/** The value in a cell of a table, null when it is missing (empty, a word for it, infinite), undefined when it is no number. */
export const readNumberCell = (cell: string, hasDecimalComma = false): number | null | undefined => {
  if (hasDecimalComma) {
    if (COMMA_NUMBER.test(cell)) return finite(cell.replaceAll(/[. \u00A0\u202F']/g, '').replace(',', '.'));
  } else if (NUMBER.test(cell)) return finite(cell);
  else if (GROUPED_NUMBER.test(cell)) return finite(cell.replaceAll(/[, \u00A0\u202F']/g, ''));
  return MISSING.test(cell) ? null : undefined;
};

/** A number too large to be one measures nothing. */
const finite = (text: string): number | undefined => {
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
};

/** What is wrong with a cell that should hold a number, and what would help. */
export const numberFault = (cell: string, { separator, hasDecimalComma }: TableStyle): string => {
  const shown = JSON.stringify(cell.slice(0, 40));
  if (/^[-+]?\d{1,3},\d{3}$/.test(cell))
    return `${shown} could be ${cell.replace(',', '')} or ${cell.replace(',', '.')}; write decimals with a point`;
  if (hasDecimalComma && NUMBER.test(cell))
    return `${shown} has a point, where other decimals of the table begin with a comma; write all in one way`;
  if (/^[-+]?\d+,\d+$/.test(cell))
    return `${shown} has a comma, where other decimals of the table begin with a point; write all in one way`;
  if (separator === ',' && /^[-+]?\d[\d.]*\s*[^\d\s.,]/.test(cell))
    return `${shown} is not a number; if that is its unit, say so in a map: sentinel source check FILE writes one`;
  return `${shown} is not a number; leave a missing value empty`;
};
