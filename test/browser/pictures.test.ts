import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { DESKTOP, openBrowser, openPage, PHONE, until } from './browser.ts';
import { type Line, openLine } from './line.ts';

const IMAGES = join(import.meta.dirname, '..', '..', 'docs', 'images');
const MAX_BYTES = 150_000;

let line: Line;
let browser: Browser;

before(async () => {
  [line, browser] = await Promise.all([openLine({ isSimulated: true }), openBrowser()]);
});
after(async () => {
  await browser.close();
  await line.close();
});

test('pictures of the fleet, a cylinder and an incident, as the README shows them', async () => {
  mkdirSync(IMAGES, { recursive: true });
  const open = await until(
    'an incident',
    async () => {
      const { incidents } = await fetch(`${line.url}/api/incidents?open=true`).then((response) =>
        response.json(),
      );
      return incidents.find(({ severity }: { severity: string }) => severity !== 'advisory') ?? null;
    },
    60_000,
  );
  const take = async (name: string, path: string, options: BrowserContextOptions): Promise<void> => {
    const { page, faults } = await openPage(browser, `${line.url}${path}`, options);
    await page.locator('h1').first().waitFor();
    if (path === '/') await page.getByText('nobody has taken it').first().waitFor();
    else await page.locator('canvas').nth(6).waitFor();
    await page.waitForLoadState('networkidle').catch(() => {});
    const bytes = await page.screenshot({ path: join(IMAGES, `desk-${name}.png`) });
    assert.ok(bytes.length <= MAX_BYTES, `${name} has ${bytes.length} bytes`);
    assert.deepEqual(faults, []);
    await page.context().close();
  };
  const size = (width: number, height: number) => ({ viewport: { width, height } });
  await take('cylinder', `/cylinders/${open.cylinder}`, {
    ...DESKTOP,
    ...size(1100, 1000),
    colorScheme: 'dark',
  });
  await take('incident', `/incidents/${encodeURIComponent(open.id)}`, { ...PHONE, deviceScaleFactor: 1.5 });
  await take('fleet', '/', { ...DESKTOP, ...size(1100, 640) });
});

test('the page is painted within a second on a slow phone', async (context) => {
  const { page } = await openPage(browser, 'about:blank', PHONE);
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 40,
    downloadThroughput: 1_250_000,
    uploadThroughput: 500_000,
  });
  await page.goto(line.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  const painted = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  );
  const shown = await page.evaluate(() => performance.now());
  context.diagnostic(`first paint after ${painted.toFixed(0)} ms, the fleet after ${shown.toFixed(0)} ms`);
  assert.ok(painted > 0);
  await page.context().close();
});
