import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { DESKTOP, incidentOf, openBrowser, openPage, PHONE, until } from './browser.ts';
import { type Line, openLine } from './line.ts';

let line: Line;
let browser: Browser;

before(async () => {
  [line, browser] = await Promise.all([openLine(), openBrowser()]);
  for (const name of ['press-1', 'press-2']) line.set(name, 'abnormal');
});
after(async () => {
  await browser.close();
  await line.close();
});

const heldOf = async (cylinder: string) => {
  const { row } = await fetch(`${line.url}/api/cylinders/${cylinder}`).then((answer) => answer.json());
  return row.suppression;
};

/** Opens an incident as somebody whose name the device knows. */
const openIncident = async (cylinder: string) => {
  const url = `${line.url}/incidents/${encodeURIComponent(await incidentOf(line, cylinder))}`;
  const opened = await openPage(browser, url, PHONE);
  await opened.page.evaluate(() => localStorage.setItem('desk', JSON.stringify({ name: 'Kim' })));
  await opened.page.reload();
  return opened;
};

const choose = async (
  page: Page,
  button: RegExp,
  span: RegExp,
  fill?: () => Promise<void>,
): Promise<void> => {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('radio', { name: span }).check();
  await fill?.();
  await page.getByRole('button', { name: 'Part is ordered' }).click();
  await page.getByRole('button', { name: 'Do it' }).click();
  await page.getByText(/^Done: (it is kept quiet|maintenance is noted)/).waitFor();
};

test('it is kept quiet to the end of the shift or until a time, and that is undone', async () => {
  const { page, faults } = await openIncident('press-1');
  await choose(page, /^Keep quiet/, /^End of shift/);
  const { kind, until: end, by, reason } = await heldOf('press-1');
  assert.deepEqual([kind, by, reason], ['shelved', 'Kim', 'Part is ordered']);
  assert.match(new Date(end).toISOString(), /T(06|14|22):00:00\.000Z$/, 'by the clock of the plant');
  await page.getByRole('button', { name: /^End the quiet/ }).click();
  await until('it is no longer kept quiet', async () => ((await heldOf('press-1')) === null ? true : null));
  const wanted = `${new Date(Date.now() + 90 * 60_000).toISOString().slice(0, 16)}`;
  await choose(page, /^Keep quiet/, /^Until/, () =>
    page.locator('input[type="datetime-local"]').fill(wanted),
  );
  assert.equal(new Date((await heldOf('press-1')).until).toISOString().slice(0, 16), wanted);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('a maintenance is noted and ended, and what is longer than the policy allows is refused and said', async () => {
  const { page, faults } = await openIncident('press-2');
  const late = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 16);
  await page.getByRole('button', { name: /^Keep quiet/ }).click();
  await page.getByRole('radio', { name: /^Until/ }).check();
  await page.locator('input[type="datetime-local"]').fill(late);
  await page.getByRole('button', { name: 'Part is ordered' }).click();
  await page.getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Not done: that is longer than allowed').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('.course').getByText('Not done').waitFor();
  await choose(page, /^Maintenance/, /^4 hours/);
  assert.equal((await heldOf('press-2')).kind, 'maintenance');
  await page.getByRole('button', { name: /^End maintenance/ }).click();
  await page.getByLabel('Why').fill('mended');
  await page.getByRole('button', { name: 'Do it' }).click();
  await until('the maintenance is over', async () => ((await heldOf('press-2')) === null ? true : null));
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('what the fleet and the incidents show is in the address, so that it can be sent', async () => {
  const { page, faults } = await openPage(browser, line.url, DESKTOP);
  await page.getByRole('searchbox').fill('press-2');
  await page.locator('.rows li').nth(1).waitFor({ state: 'detached' });
  assert.match(page.url(), /\?q=press-2$/);
  await page.getByRole('link', { name: 'Incidents' }).click();
  await page.getByRole('link', { name: 'All', exact: true }).click();
  await page.locator('summary').click();
  await page.getByLabel('Cylinder').fill('press-1');
  await page.keyboard.press('Enter');
  await page.getByLabel('How bad').selectOption('advisory');
  await page.getByText('press-2').waitFor({ state: 'detached' });
  const sent = page.url();
  const csv = (await page.getByRole('link', { name: 'Download as CSV' }).getAttribute('href')) ?? '';
  assert.match(csv, /cylinder=press-1&severity=advisory/);
  const other = await openPage(browser, sent, PHONE);
  await other.page.locator('.incidents li').first().waitFor();
  const shown = await other.page.locator('.incidents .name').allInnerTexts();
  assert.ok(shown.length > 0 && shown.every((name) => name.startsWith('press-1')));
  await page.goBack();
  assert.deepEqual([...faults, ...other.faults], []);
  await page.context().close();
  await other.page.context().close();
});

test('it is shown whose messages were not understood and why, and who was notified through which channel', async () => {
  await line.publish('greengrass/ml/inference/gw-1/saw-9', 'no JSON');
  const { page, faults } = await openPage(browser, `${line.url}/system`, DESKTOP);
  const line9 = page.locator('.lines li', { hasText: 'greengrass/ml/inference/gw-1/saw-9' });
  assert.notEqual(await line9.locator('.bad').innerText(), '');
  await page.locator('.lines li', { hasText: 'press-1' }).filter({ hasText: 'console' }).first().waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('what nobody watches looks like that in words, shape and pattern, and is never among the normal', async () => {
  const { page, faults } = await openPage(browser, 'about:blank', DESKTOP);
  const now = Date.now();
  const row = {
    gateway: 'gw-1',
    condition: 'NORMAL',
    severity: null,
    incident: null,
    acknowledgedBy: null,
    suppression: null,
    health: 98,
    lastSeen: now - 3_600_000,
    probability: 0.02,
  };
  const rows = ['offline', 'unwatched', 'stale', 'good'].map((quality) => ({
    ...row,
    cylinder: `press-${quality}`,
    quality,
    since: quality === 'good' ? null : now - 3_600_000,
  }));
  const gateways = [{ name: 'gw-1', offlineSince: now - 3_600_000, lastHeardAt: now - 3_600_000 }];
  await page.route('**/api/fleet', (route) =>
    route.fulfill({ json: { now, site: 'local', rows, gateways } }),
  );
  for (const view of ['/', '/?wall=1']) {
    await page.goto(`${line.url}${view}`);
    await page.getByText('3 are not watched · 1 normal').waitFor();
    for (const [quality, word] of [
      ['offline', 'NO DATA'],
      ['unwatched', 'NOT WATCHED'],
      ['stale', 'OLD DATA'],
    ] as const) {
      const shown = page.locator(`a.is-${quality}`);
      assert.match((await shown.innerText()).replaceAll('\n', ' '), new RegExp(`^${word}.*press-${quality}`));
      assert.equal(await shown.locator('.shape').count(), 1);
      assert.match(await shown.evaluate((one) => getComputedStyle(one).borderStyle), /dashed/);
    }
  }
  await page.goto(`${line.url}/?show=usual`);
  await page.locator('.rows li').first().waitFor();
  assert.equal(await page.locator('.rows li').count(), 1);
  await page.getByText('Gateway gw-1 has been silent since').waitFor();
  await page.goto(`${line.url}/`);
  assert.deepEqual(faults, []);
  await page.context().close();
});
