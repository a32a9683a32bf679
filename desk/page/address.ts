import { createStore, useStore } from './settings.ts';

/** What the address asks for. */
export type Place =
  | Readonly<{ view: 'fleet' }>
  | Readonly<{ view: 'cylinder'; name: string }>
  | Readonly<{ view: 'incidents' }>
  | Readonly<{ view: 'incident'; id: string }>
  | Readonly<{ view: 'system' }>
  | Readonly<{ view: 'link'; token: string }>
  | Readonly<{ view: 'none' }>;

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** The place that a path names. */
export const placeOf = (path: string): Place => {
  const [view = '', ...rest] = path.split('/').slice(1);
  const name = decoded(rest.join('/'));
  if (view === '') return { view: 'fleet' };
  if (view === 'system' && name === '') return { view: 'system' };
  if (view === 'incidents') return name === '' ? { view: 'incidents' } : { view: 'incident', id: name };
  if (view === 'cylinders' && name !== '') return { view: 'cylinder', name };
  if (view === 'i' && name !== '') return { view: 'link', token: name };
  return { view: 'none' };
};

const currentHref = (): string => `${location.pathname}${location.search}`;

const address = createStore(currentHref());

/** The address as path and query, in a form that a person can send. */
export const useAddress = (): URL => new URL(useStore(address), location.origin);

/** Goes to an address of this page; `replace` leaves no way back, as for every letter of a search. */
export const go = (href: string, { replace = false } = {}): void => {
  if (href === address.get()) return;
  if (replace) history.replaceState(null, '', href);
  else history.pushState(null, '', href);
  if (!replace) scrollTo(0, 0);
  address.set(currentHref());
};

/** The address with other values in its query; an empty one is left out. */
export const hrefWith = (url: URL, changes: Readonly<Record<string, string>>): string => {
  const query = new URLSearchParams(url.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return text === '' ? url.pathname : `${url.pathname}?${text}`;
};

export const cylinderHref = (name: string): string => `/cylinders/${encodeURIComponent(name)}`;
export const incidentHref = (id: string): string => `/incidents/${encodeURIComponent(id)}`;

const linkOf = (event: MouseEvent): HTMLAnchorElement | null => {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  return link === null || link.hasAttribute('download') || link.target !== '' ? null : link;
};

/** Follows links within the page without loading it again, and the buttons of the browser. */
export const followLinks = (): void => {
  document.addEventListener('click', (event) => {
    const link = linkOf(event);
    if (link === null || link.origin !== location.origin || link.hash !== '') return;
    if (link.pathname.startsWith('/api/')) return;
    event.preventDefault();
    go(`${link.pathname}${link.search}`);
  });
  addEventListener('popstate', () => address.set(currentHref()));
};
