import list from './prices.json' with { type: 'json' };

/** List prices of one region on one day, US dollars, each with the page that says it. */
export type PriceList = typeof list;
export type PriceName = keyof PriceList['prices'];

/** The list prices that come with this program. */
export const PRICE_LIST: PriceList = list;
