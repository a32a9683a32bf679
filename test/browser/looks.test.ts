import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { assertAccessible, DESKTOP, incidentOf, openBrowser, openPage, PHONE, until } from './browser.ts';
import { type Line, openLine } from './line.ts';

let line: Line;
let browser: Browser;

before(async () => {
  [line, browser] = await Promise.all([openLine(), openBrowser()]);
  line.set('press-1', 'abnormal');
  for (let index = 2; index < 50; index += 1) line.set(`press-${index}`, 'normal');
});
after(async () => {
  await browser.close();
  await line.close();
});

const openCharts = async (options: Parameters<typeof openPage>[2]) => {
  const opened = await openPage(browser, `${line.url}/cylinders/press-1`, options);
  const chart = opened.page.locator('.u-over').first();
  await chart.scrollIntoViewIfNeeded();
  const box = await chart.boundingBox();
  assert.ok(box !== null);
  return { ...opened, box };
};

/** The part of time that charts show, s; null where it is all there is. */
const shownOf = async (page: Page): Promise<Readonly<{ from: number; length: number }> | null> => {
  const shown = page.locator('.shown');
  if ((await shown.count()) === 0) return null;
  const [from = 0, to = 0] = [...(await shown.innerText()).matchAll(/(\d\d):(\d\d):(\d\d)/g)].map(
    ([, hour, minute, second]) => Number(hour) * 3600 + Number(minute) * 60 + Number(second),
  );
  return { from, length: (to - from + 86_400) % 86_400 };
};

test('two fingers look closer at a chart, one moves along time, and up and down the page scrolls', async () => {
  const { page, faults, box } = await openCharts(PHONE);
  const session = await page.context().newCDPSession(page);
  const y = box.y + box.height / 2;
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...places: readonly number[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: places.map((place, id) => ({ x: box.x + place * box.width, y, id })),
    });
  await touch('touchStart', 0.4, 0.6);
  for (let step = 1; step <= 8; step += 1) await touch('touchMove', 0.4 - 0.03 * step, 0.6 + 0.03 * step);
  await touch('touchEnd');
  await page.getByRole('button', { name: 'Whole span' }).waitFor();
  const near = await until('the charts look closer', () => shownOf(page));
  await touch('touchStart', 0.3);
  for (let step = 1; step <= 8; step += 1) await touch('touchMove', 0.3 + 0.04 * step);
  await touch('touchEnd');
  await until('the charts have moved back in time', async () => {
    const moved = await shownOf(page);
    return moved !== null && moved.from < near.from ? moved : null;
  });
  const moved = await shownOf(page);
  assert.ok(Math.abs((moved?.length ?? 0) - near.length) <= 1, 'it is as close as before');
  await page.getByRole('button', { name: 'Whole span' }).click();
  await page.getByText('Pinch or drag to look closer').waitFor();
  const top = await page.evaluate(() => scrollY);
  await page.evaluate(() => scrollBy(0, 150));
  assert.notEqual(await page.evaluate(() => scrollY), top);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('a mouse draws out the part of a chart that is looked at', async () => {
  const { page, faults, box } = await openCharts(DESKTOP);
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + 0.5 * box.width, y);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.8 * box.width, y, { steps: 5 });
  await page.mouse.up();
  const near = await until('the charts look closer', () => shownOf(page));
  assert.ok(near.length > 0);
  const now = await page.locator('.u-over').first().boundingBox();
  assert.ok(Math.abs((now?.y ?? 0) - box.y) <= 1, 'no chart has moved');
  await page.mouse.dblclick(box.x + 0.5 * box.width, y);
  await page.getByText('Pinch or drag to look closer').waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('charts ask for what is new alone', async () => {
  const { page, faults } = await openPage(browser, 'about:blank', DESKTOP);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/samples')) asked.push(new URL(request.url()).search);
  });
  await page.goto(`${line.url}/cylinders/press-1`);
  await until('a second request', () => Promise.resolve(asked[1] ?? null), 40_000);
  assert.equal(asked[0], '');
  assert.match(asked[1] ?? '', /^\?from=\d+$/);
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('on paper no chart is cut off, in ink on white whatever the theme', async () => {
  const incident = encodeURIComponent(await incidentOf(line, 'press-1'));
  for (const colorScheme of ['light', 'dark'] as const)
    for (const path of ['/cylinders/press-1', `/incidents/${incident}`, '/']) {
      const { page, faults } = await openPage(browser, `${line.url}${path}`, { ...DESKTOP, colorScheme });
      await page
        .locator(path === '/' ? '.rows li' : 'canvas')
        .first()
        .waitFor();
      // A sheet of A4 between its margins.
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 718, height: 1047 });
      await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
      const seen = await page.evaluate(() => ({
        ground: getComputedStyle(document.documentElement).backgroundColor,
        ink: getComputedStyle(document.documentElement).color,
        cut: [...document.querySelectorAll('canvas, .banner, section, .row')].filter(
          (one) => one.getBoundingClientRect().right > innerWidth + 1,
        ).length,
        rows: document.querySelectorAll('.rows li').length,
        nav: getComputedStyle(document.querySelector('nav') ?? document.body).display,
      }));
      assert.deepEqual([seen.ground, seen.cut, seen.nav], ['rgb(255, 255, 255)', 0, 'none'], path);
      assert.equal(seen.ink, 'rgb(22, 25, 27)');
      if (path === '/') assert.ok(seen.rows >= 49, `${seen.rows} of the fleet are printed`);
      const pdf = await page.pdf({ format: 'A4', printBackground: true });
      assert.ok(pdf.length > 5000);
      assert.deepEqual(faults, []);
      await page.context().close();
    }
});

test('a screen on the wall shows the worst first, and nothing of it is cut off', async () => {
  const { page, faults } = await openPage(browser, `${line.url}/?wall=1`, {
    ...DESKTOP,
    viewport: { width: 1920, height: 1080 },
  });
  const tiles = page.locator('.tile');
  await page.locator('.tile.is-advisory, .tile.is-warning').first().waitFor();
  assert.match((await tiles.first().textContent()) ?? '', /press-1/);
  const seen = await page.evaluate(() => ({
    over: document.documentElement.scrollWidth - innerWidth,
    cut: [...document.querySelectorAll<HTMLElement>('.tile')].filter(
      (tile) => tile.getBoundingClientRect().bottom > innerHeight || tile.scrollHeight > tile.clientHeight,
    ).length,
    name: Number.parseFloat(getComputedStyle(document.querySelector('.tile-name') ?? document.body).fontSize),
  }));
  assert.ok(seen.over <= 0);
  assert.equal(seen.cut, 0);
  assert.ok(seen.name >= 32, 'a name can be read from afar');
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('the page can be installed', async () => {
  const { page } = await openPage(browser, line.url, PHONE);
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A browser without a profile installs nothing; all else is up to the page.
  assert.deepEqual(
    installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito'),
    [],
  );
  await page.context().close();
});

test('what a link opens, and all that is asked before something is done, is accessible in both themes', async () => {
  const id = encodeURIComponent(await incidentOf(line, 'press-1'));
  const { course } = await fetch(`${line.url}/api/incidents/${id}`).then((answer) => answer.json());
  const link = await until('a link in the notice', () =>
    Promise.resolve(/RAISED[^\n]*press-1\b[\s\S]*?(http:\/\/\S+\/i\/\S+)/.exec(line.printed())?.[1] ?? null),
  );
  for (const colorScheme of ['light', 'dark'] as const) {
    const { page, faults } = await openPage(browser, link, {
      ...PHONE,
      colorScheme,
      timezoneId: 'Asia/Seoul',
    });
    await page.locator('canvas').nth(6).waitFor();
    // By the clock of the plant, which is not that of the phone.
    const began = await page.locator('.course time').first().innerText();
    assert.equal(began.slice(-5), new Date(course[0].at).toISOString().slice(11, 16));
    await assertAccessible(page, `a link (${colorScheme})`);
    for (const name of [/^I take it/, /^Keep quiet/, /^Close/]) {
      await page.getByRole('button', { name }).click();
      await page.getByRole('dialog').waitFor();
      await assertAccessible(page, `${name} (${colorScheme})`);
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    assert.deepEqual(faults, []);
    await page.context().close();
  }
});
