import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { DESKTOP, incidentOf, openBrowser, openPage, PHONE, until } from './browser.ts';
import { type Line, openLine } from './line.ts';

let line: Line;
let browser: Browser;

before(async () => {
  [line, browser] = await Promise.all([openLine(), openBrowser()]);
  line.set('press-1', 'abnormal');
  line.set('press-2', 'normal');
});
after(async () => {
  await browser.close();
  await line.close();
});

test('nothing that a device or a person can choose is taken for code', async () => {
  const code = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const sample = { t: Date.now(), probability: 0.1, rVibration_Temp: 45 };
  const payload = { v: 1, cylinder: 'saw-1', model: code, samples: [sample] };
  await line.publish('greengrass/ml/inference/gw-1/saw-1', JSON.stringify(payload));
  await line.publish(`greengrass/ml/inference/${code.replaceAll('/', '')}/x`, code);
  await line.publishAs(code, 'greengrass/ml/inference/gw-1/saw-1', code);
  const incident = await incidentOf(line, 'press-1');
  const command = (type: string, fields: object): Promise<number> =>
    fetch(`${line.url}/api/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        cylinder: 'press-1',
        incident,
        by: code.slice(0, 40),
        key: `code-${type}-1`,
        type,
        ...fields,
      }),
    }).then((response) => response.status);
  const until = Date.now() + 600_000;
  assert.equal(await command('ack', { comment: code }), 200);
  assert.equal(await command('shelve', { reason: code, until }), 200);
  assert.equal(await command('close', { outcome: 'fault', mode: code, comment: code }), 200);
  const { page, faults } = await openPage(browser, line.url, DESKTOP);
  const views = ['/', '/?wall=1', '/cylinders/press-1', '/cylinders/saw-1', '/incidents', '/system'];
  for (const view of [
    ...views,
    `/incidents/${encodeURIComponent(incident)}`,
    `/?q=${encodeURIComponent(code)}`,
  ]) {
    await page.goto(`${line.url}${view}`);
    await page.locator('h1').first().waitFor();
    await page.waitForLoadState('networkidle').catch(() => {});
    assert.equal(await page.locator('main img, main script').count(), 0, view);
  }
  await page.goto(`${line.url}/incidents/${encodeURIComponent(incident)}`);
  await page.getByText('<img src=x').first().waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('the page says that the pipeline is lost, shows the last state with its age, and comes back by itself', async () => {
  const { page, faults } = await openPage(browser, line.url, PHONE);
  await page.getByText('press-1').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await until('what is shown is stored', () =>
    page.evaluate(async () => ((await caches.match('/api/fleet')) === undefined ? null : true)),
  );
  await line.kill();
  await page.getByText('No contact with the pipeline').waitFor();
  await page.getByText('press-1').waitFor();
  await page.reload();
  await page.getByText('Stored on this device').waitFor();
  await page.getByText('press-1').waitFor();
  await line.start();
  await page.getByText('No contact with the pipeline').waitFor({ state: 'detached' });
  await page.getByText('Stored on this device').waitFor({ state: 'detached' });
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('five thousand cylinders scroll without stutter', async (context) => {
  const names = Array.from({ length: 5000 }, (_, index) => `bulk-${String(index).padStart(4, '0')}`);
  await line.flood(names);
  await until(
    'all are in the fleet',
    async () => {
      const { rows } = await fetch(`${line.url}/api/fleet`).then((response) => response.json());
      return rows.length >= 5000 ? true : null;
    },
    60_000,
  );
  const { page, faults } = await openPage(browser, line.url, DESKTOP);
  await page.getByText(/^All 50\d\d$/).waitFor();
  /** Frames a second while each scrolls on by so much, and the most rows in the document. */
  const scrolled = (px: number) =>
    page.evaluate(async (by) => {
      let [count, most] = [0, 0];
      const begin = performance.now();
      while (performance.now() - begin < 2000) {
        await new Promise(requestAnimationFrame);
        scrollBy(0, by);
        count += 1;
        most = Math.max(most, document.querySelectorAll('.rows li').length);
      }
      return { frames: count / 2, rows: most };
    }, px);
  // A machine that is busy with other things draws fewer where nothing moves, too: then it is held to nearly as many.
  let held = false;
  for (let attempt = 0; attempt < 3 && !held; attempt += 1) {
    const still = await scrolled(0);
    const { frames, rows } = await scrolled(120);
    context.diagnostic(
      `${frames.toFixed(0)} frames a second (${still.frames.toFixed(0)} where nothing moves), at most ${rows} rows in the document`,
    );
    assert.ok(rows < 60, 'only what is on the screen is in the document');
    held = frames >= Math.min(50, 0.8 * still.frames);
  }
  assert.ok(held, 'it scrolls at 50 frames a second, or as well as it stands still');
  assert.deepEqual(faults, []);
  await page.context().close();
});
