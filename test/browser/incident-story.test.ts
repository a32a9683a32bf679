import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { assertAccessible, DESKTOP, incidentOf, openBrowser, openPage, PHONE, until } from './browser.ts';
import { type Line, openLine } from './line.ts';

let line: Line;
let browser: Browser;

before(async () => {
  [line, browser] = await Promise.all([openLine(), openBrowser()]);
  for (const name of ['press-1', 'press-2', 'press-3', 'saw-1', 'saw-2']) line.set(name, 'normal');
});
after(async () => {
  await browser.close();
  await line.close();
});

test('from the first notice to the recovery, on a phone', async () => {
  const { page, faults } = await openPage(browser, line.url, PHONE);
  await page.getByText('All watched cylinders are normal').waitFor();
  line.set('press-1', 'abnormal');
  const first = page.getByRole('list').getByRole('link').first();
  await page.getByText('1 needs someone').waitFor();
  assert.match((await first.textContent()) ?? '', /ADVISORY.*press-1/);
  await first.click();
  await page.getByRole('heading', { level: 1, name: 'press-1' }).waitFor();
  await page.getByText('nobody has taken it').first().waitFor();
  await page.getByText('higher than usual').first().waitFor();
  await page.getByRole('link', { name: 'Open incident' }).click();
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  const act = page.getByRole('region', { name: 'What you can do' }).or(page.locator('.actions'));

  await act.getByRole('button', { name: 'I take it' }).click();
  await page.getByLabel('Your name').fill('Kim');
  await page.getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Done: you have it').waitFor();
  await page.getByText('taken by Kim').first().waitFor();
  assert.equal(await act.getByRole('button', { name: 'I take it' }).count(), 0);

  await act.getByRole('button', { name: 'Keep quiet' }).click();
  assert.equal(await page.getByLabel('Your name').inputValue(), 'Kim', 'the name is asked once');
  await page.getByLabel('15 minutes').check();
  await page.getByRole('button', { name: 'Known, being watched' }).click();
  await page.getByRole('button', { name: 'Do it' }).click();
  await page
    .getByText(/quiet until/)
    .first()
    .waitFor();
  await act.getByRole('button', { name: 'End the quiet' }).click();
  await page.getByText('Done: notices come again').waitFor();

  await act.getByRole('button', { name: 'Close' }).click();
  await page.getByLabel('A real fault').check();
  await page.getByLabel('What failed').fill('rod seal');
  await page.getByRole('button', { name: 'Do it' }).click();
  await page.getByText('Done: it is closed').waitFor();
  line.set('press-1', 'normal');
  await page.getByText('is back to normal').waitFor();
  const banner = await page.locator('.banner').textContent();
  assert.match(banner ?? '', /taken by Kim · A real fault · rod seal/);
  for (const step of [
    /^\S+First abnormal/,
    /Incident raised/,
    /Taken by Kim/,
    /Kept quiet by Kim.*Known, being watched/,
    /Closed by Kim/,
    /Back to normal/,
  ])
    await page.locator('.course li', { hasText: step }).first().waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('two people at once: each sees what the other does, and a double tap does it once', async () => {
  line.set('press-2', 'abnormal');
  const url = `${line.url}/incidents/${encodeURIComponent(await incidentOf(line, 'press-2'))}`;
  const one = await openPage(browser, url, DESKTOP);
  const other = await openPage(browser, url, PHONE);
  for (const [{ page }, name] of [
    [one, 'Ana'],
    [other, 'Bo'],
  ] as const) {
    await page.getByRole('button', { name: 'I take it' }).waitFor();
    await page.evaluate((by) => localStorage.setItem('desk', JSON.stringify({ name: by })), name);
    await page.reload();
  }
  let sent = 0;
  one.page.on('request', (request) => {
    if (request.method() === 'POST') sent += 1;
  });
  await one.page.getByRole('button', { name: 'I take it' }).dblclick();
  await other.page.getByText('taken by Ana').first().waitFor();
  assert.equal(sent, 1);
  const close = async ({ page }: typeof one, outcome: string): Promise<void> => {
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByLabel(outcome).check();
    await page.getByRole('button', { name: 'Do it' }).click();
    await page
      .getByText(/Done: it is closed|Not done/)
      .first()
      .waitFor();
  };
  await Promise.all([close(one, 'No fault found'), close(other, 'Planned work')]);
  const ids = await fetch(`${line.url}/api/incidents?cylinder=press-2`).then((response) => response.json());
  assert.ok(['no-fault-found', 'planned-work'].includes(ids.incidents[0].outcome));
  const shown = ids.incidents[0].outcome === 'planned-work' ? 'Planned work' : 'No fault found';
  for (const { page, faults } of [one, other]) {
    await page.locator('.banner').getByText(shown).waitFor();
    assert.deepEqual(faults, []);
    await page.context().close();
  }
  line.set('press-2', 'normal');
});

test('the link in the notice opens that incident and nothing else, and acts without an account', async () => {
  line.set('saw-2', 'abnormal');
  const incident = await incidentOf(line, 'saw-2');
  const link = await until('a link in the notice', () =>
    Promise.resolve(/RAISED[^\n]*saw-2[\s\S]*?(http:\/\/\S+\/i\/\S+)/.exec(line.printed())?.[1] ?? null),
  );
  const { page, faults } = await openPage(browser, link, PHONE);
  await page.getByRole('heading', { level: 1, name: 'saw-2' }).waitFor();
  assert.equal(await page.getByRole('navigation').count(), 0);
  assert.equal(await page.getByRole('button', { name: 'Maintenance' }).count(), 0);
  const before = await fetch(`${line.url}/api/incidents/${encodeURIComponent(incident)}`).then((answer) =>
    answer.json(),
  );
  assert.equal(before.incident.acknowledgedBy, null, 'to open it changes nothing');
  await page.getByRole('button', { name: 'I take it' }).click();
  await page.getByLabel('Your name').fill('Lee');
  await page.getByRole('button', { name: 'Do it' }).click();
  await page.getByText('taken by Lee').first().waitFor();
  await page.goto(`${link.slice(0, -1)}${link.endsWith('A') ? 'B' : 'A'}`);
  await page.getByRole('heading', { name: 'This link does not work any more' }).waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('the list is saved as CSV, with the token of who had to sign in', async () => {
  const { page } = await openPage(browser, `${line.url}/incidents`, DESKTOP);
  await page.evaluate(() => sessionStorage.setItem('token', 'a.b.c'));
  const asked = page.waitForRequest(/incidents\.csv/);
  const saved = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  assert.equal((await asked).headers().authorization, 'Bearer a.b.c');
  assert.equal((await saved).suggestedFilename(), 'incidents.csv');
  await page.context().close();
});

test('a refusal is shown in the words of the twin, and in Korean', async () => {
  line.set('press-3', 'abnormal');
  const url = `${line.url}/incidents/${encodeURIComponent(await incidentOf(line, 'press-3'))}`;
  const { page, faults } = await openPage(browser, url, { ...PHONE, locale: 'ko-KR' });
  await page.locator('html[lang=ko]').waitFor();
  await page.getByRole('button', { name: '알림 보류' }).click();
  await page.getByLabel('직접 지정').check();
  await page.locator('input[name=until]').fill('2031-01-01T06:00');
  await page.getByLabel('사유').fill('부품 대기');
  await page.getByLabel('이름').fill('김');
  await page.getByRole('button', { name: '확인', exact: true }).click();
  await page.locator('.problem').getByText('허용된 기간보다 깁니다').waitFor();
  await page.getByRole('button', { name: '취소' }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('What you can do').waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('everything goes by keyboard alone, and the focus is never lost', async () => {
  const { page, faults } = await openPage(browser, line.url, DESKTOP);
  await page
    .getByText(/needs? someone/)
    .first()
    .waitFor();
  const focused = (): Promise<string> =>
    page.evaluate(() => document.activeElement?.textContent?.trim().slice(0, 60) ?? '');
  const tabTo = async (pattern: RegExp): Promise<void> => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (pattern.test(await focused())) return;
      await page.keyboard.press('Tab');
    }
    assert.fail(`no way by keyboard to ${pattern}, but to ${await focused()}`);
  };
  await tabTo(/press-3/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'press-3' }).waitFor();
  assert.equal(await focused(), 'press-3', 'a view begins at its heading');
  await page.getByRole('button', { name: 'Maintenance' }).waitFor();
  await tabTo(/^Maintenance/);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.match(await focused(), /^Maintenance/, 'it goes back to where it came from');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  // Closed and opened again before the page has heard of the closing.
  await page.evaluate(() => {
    document.querySelector('dialog')?.close();
    const buttons = [...document.querySelectorAll('button')];
    buttons.find(({ textContent }) => textContent.startsWith('Maintenance'))?.click();
  });
  await page.getByLabel('Why').focus();
  await page.keyboard.type('new seal');
  await page.keyboard.press('Tab');
  await page.getByLabel('Your name').focus();
  await page.keyboard.type('Ana');
  await page.keyboard.press('Enter');
  await page.getByText('Done: maintenance is noted').waitFor();
  await page.getByText('in maintenance until').first().waitFor();
  assert.deepEqual(faults, []);
  await page.context().close();
});

test('every view is accessible in both themes, fits a phone, and is the view that its address names', async () => {
  line.set('saw-1', 'abnormal');
  const incident = encodeURIComponent(await incidentOf(line, 'saw-1'));
  await line.publish('greengrass/ml/inference/gw-1/saw-9', 'no JSON');
  const views = [
    '/',
    '/?show=needs',
    '/?wall=1',
    '/cylinders/saw-1',
    '/cylinders/nobody',
    '/incidents',
    '/incidents?show=open&severity=advisory',
    `/incidents/${incident}`,
    '/system',
    '/i/no-such-token',
    '/nowhere',
  ];
  for (const colorScheme of ['light', 'dark'] as const)
    for (const device of [PHONE, DESKTOP]) {
      const { page, faults } = await openPage(browser, `${line.url}/`, { ...device, colorScheme });
      for (const view of views) {
        await page.goto(`${line.url}${view}`);
        await page.locator('h1').first().waitFor();
        if (view.includes('saw-1') || view.includes(incident)) await page.locator('canvas').first().waitFor();
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${view} is ${wide} px too wide`);
        if (device === PHONE || view.includes('wall'))
          await assertAccessible(page, `${view} (${colorScheme})`);
      }
      assert.deepEqual(faults, []);
      await page.context().close();
    }
});
