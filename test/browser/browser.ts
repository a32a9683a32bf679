import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import AxeBuilder from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Line } from './line.ts';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of this machine: none is downloaded. */
export const openBrowser = (): Promise<Browser> => {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (executablePath === undefined)
    throw new Error('no Chromium here: apt-get install chromium, or name one in the variable CHROMIUM');
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
};

export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  isMobile: true,
  hasTouch: true,
  locale: 'en-GB',
};
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, locale: 'en-GB' };

/** Opens a page in a browser of its own person, that fails the test on any error of a script or of the security policy. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions,
): Promise<Readonly<{ page: Page; faults: string[] }>> => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const faults: string[] = [];
  page.on('pageerror', ({ message }) => faults.push(message));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Refused to/.test(message.text())) faults.push(message.text());
  });
  page.on('dialog', (dialog) => {
    faults.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => {});
  });
  await page.goto(url);
  return { page, faults };
};

/** Holds the page to the rules of accessibility: WCAG 2.2 A and AA, and best practices; none broken seriously. */
export const assertAccessible = async (page: Page, what: string): Promise<void> => {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${what}: ${id} at ${nodes.map(({ html }) => html.slice(0, 140)).join(' | ')}`);
  assert.deepEqual(serious, []);
};

/** Waits until something holds, asking again and again; the browser's own waiting has no part in it. */
export const until = async <T>(
  what: string,
  ask: () => Promise<T | null>,
  timeoutMs = 20_000,
): Promise<T> => {
  for (const end = Date.now() + timeoutMs; Date.now() < end; ) {
    const found = await ask();
    if (found !== null) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not in time: ${what}`);
};

/** The open incident of a cylinder, as soon as there is one. */
export const incidentOf = ({ url }: Pick<Line, 'url'>, cylinder: string): Promise<string> =>
  until(`an incident of ${cylinder}`, async () => {
    const response = await fetch(`${url}/api/incidents?open=true&cylinder=${cylinder}`);
    const { incidents } = await response.json();
    return incidents[0]?.id ?? null;
  });
