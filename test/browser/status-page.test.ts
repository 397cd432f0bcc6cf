/**
 * The status page in a real browser, on a real daemon and a real sandbox, through a day of an operator: converged, drift, a
 * broken file, deletes that are held, the way out, an account that cannot be read, a restart.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkAccessibility, hasChromium, keepScreenshot, launchBrowser, openPage } from './open-browser.ts';
import { openSite } from './open-site.ts';

const FLEET = [
  ['orders', '订单回调'],
  ['refunds', '退款通知'],
  ['members', '会员中心'],
  ['coupons', '优惠券'],
  ['shipping', '物流通知'],
  ['invoices', '发票'],
  ['reviews', '评价提醒'],
  ['support', '客服工单'],
  ['audit', 'Audit log'],
  ['partner-eu', 'Partner EU'],
  ['partner-us', 'Partner US'],
  ['loyalty', '积分'],
] as const;

interface Wishes {
  readonly without?: readonly string[];
  readonly grace?: string;
}

const HEAD = 'version: 1\ncoze: {max_requests_per_second: 1000, call_budget: {per_day: 100000}}\n';

function write(receiverUrl: (name: string) => string, { without = [], grace = '10m' }: Wishes = {}): string {
  const entries = FLEET.filter(([key]) => !without.includes(key)).map(
    ([key, name]) =>
      `  ${key}:\n    app_type: normal\n    name: ${name}\n    callback_url: ${receiverUrl(key)}\n    events: [bot.published]\n`,
  );
  const policy = `{schedule: "* * * * * *", preflight: off, delete_grace: ${grace}, limits: {deletes_per_round: 2}}`;
  return `${HEAD}reconcile: ${policy}\napps:\n${entries.join('')}`;
}

/** How many rounds have failed by the time the page is read is chance. */
const asRow = ([done, said]: readonly [string, string]): string =>
  `| ${done} | ${said.replace(/The last (round|\d+ rounds)/, 'The last rounds')} |`;

/** The rows of docs/status-page.md that tell what was done and what the page said. */
function readTranscript(): readonly string[] {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/status-page.md'), 'utf8');
  const [, table = ''] = page.split('| what is done | what the page says |\n');
  return table.split('\n').filter((row) => row.startsWith('| ') && !row.startsWith('| ---'));
}

/** Types, and gives the milliseconds from each key to the frame that shows its effect, and the bytes of the page. */
async function measureLag(page: Page, text: string) {
  const search = page.getByRole('searchbox');
  await search.focus();
  await page.evaluate(`
    globalThis.lags = [];
    addEventListener('input', () => {
      const begun = performance.now();
      requestAnimationFrame(() => setTimeout(() => globalThis.lags.push(performance.now() - begun)));
    }, { capture: true });
  `);
  for (const [index, key] of [...text].entries()) {
    await search.press(key);
    await expect.poll(() => page.evaluate('globalThis.lags.length')).toBe(index + 1);
  }
  return page.evaluate(`({
    lags: globalThis.lags,
    encodedBodySize: performance.getEntriesByType('navigation')[0].encodedBodySize,
  })`) as Promise<{ readonly lags: readonly number[]; readonly encodedBodySize: number }>;
}

describe.skipIf(!hasChromium)('the status page in Chromium', { timeout: 240_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());

  it('tells a day of an operator, live and without a complaint', async () => {
    const site = await openSite(write);
    const { page, complaints } = await openPage(browser, site.url, {
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const headline = page.locator('#headline');
    const row = (key: string) => page.locator(`#app-${key}`);

    const story: (readonly [string, string])[] = [];
    /** Waits until the page says so, and writes down what it says. */
    const tell = async (done: string, says: string | RegExp): Promise<void> => {
      await headline.filter({ hasText: says }).waitFor();
      story.push([done, ((await headline.textContent()) ?? '').replace(/\d\d:\d\d/, 'HH:MM')]);
    };

    await tell('the daemon starts on an empty account with 12 entries', 'All 12 apps are in sync.');
    await row('orders').getByText('create').waitFor();
    await page.locator('#live.on').waitFor();
    await checkAccessibility(page);

    // Drift is put right, and the story of the app tells it down to the logid.
    const apps = (await site.ask('GET', 'apps')) as {
      readonly apps: { readonly id: string; readonly name: string }[];
    };
    const orders = (Array.isArray(apps) ? apps : apps.apps).find(({ name }) => name === '订单回调');
    await site.ask('PATCH', `apps/${orders?.id}`, { callbackUrl: 'https://elsewhere.example.com/x' });
    await row('orders').getByText('update').waitFor();
    await tell('somebody moves a URL in the console', 'All 12 apps are in sync.');
    await row('orders').getByRole('link', { name: 'orders' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/apps/orders');
    await page.getByText('https://elsewhere.example.com/x').first().waitFor();
    expect(await page.locator('.verdict').textContent()).toBe('in sync: the account matches the file');
    const shown = await page.locator('.requests .copyable code').allTextContents();
    const logids = JSON.stringify(await site.ask('GET', 'logids'));
    expect(shown.length).toBeGreaterThan(0);
    for (const logid of shown) expect(logids).toContain(logid);
    await checkAccessibility(page);
    await keepScreenshot(page, 'status-page-story');
    await page.getByRole('link', { name: 'All apps' }).click();

    // A broken file: where and what, while the last good one stays in force.
    const broken = write(site.receiverUrl).replace('callback_url', 'callbak_url');
    site.save(broken);
    await tell('a key is misspelt in the file', 'configuration invalid');
    const line = broken.split('\n').findIndex((text) => text.includes('callbak_url')) + 1;
    expect(await page.locator('.place').first().textContent()).toBe(`callbackd.yaml:${line}:5`);
    expect(await page.locator('.frame mark').first().textContent()).toBe('callbak_url');
    await checkAccessibility(page);
    await keepScreenshot(page, 'status-page-error');

    // One entry is gone: scheduled for deletion, with the time that is left. Put back, it is kept.
    site.save(write(site.receiverUrl, { without: ['coupons'] }));
    await page.locator('#t-condemned').waitFor();
    await row('coupons').getByText('scheduled for deletion').waitFor();
    await tell('the file is fixed, and an entry is gone from it', '1 scheduled for deletion · 11 in sync');
    expect(await page.locator('[aria-labelledby=t-condemned] time').textContent()).toMatch(/^in \d+m$/);
    await checkAccessibility(page);
    site.save(write(site.receiverUrl));
    await tell('the entry is put back', 'All 12 apps are in sync.');

    // More deletes than the limit allows are held; the page gives the command that releases them.
    site.save(write(site.receiverUrl, { without: ['coupons', 'shipping', 'invoices'], grace: '0s' }));
    await tell('three entries are gone; two deletes a round are allowed', '3 deletes need approval');
    await row('coupons').getByText('too many deletes in one round').waitFor();
    await checkAccessibility(page);
    await keepScreenshot(page, 'status-page-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await checkAccessibility(page);
    await keepScreenshot(page, 'status-page-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.locator('[aria-labelledby=t-decisions] button.copy').first().click();
    await page.locator('button.copy.done').waitFor();
    const copied = String(await page.evaluate('navigator.clipboard.readText()'));
    expect(copied).toMatch(/^callbackd approve [0-9a-f]{12}$/);
    expect(await site.command(copied)).toMatchObject({ code: 0 });
    await tell('the command that the page offers is run', 'All 9 apps are in sync.');
    expect(await row('coupons').count()).toBe(0);

    // The account cannot be read, and can again.
    await site.ask('POST', 'faults', {
      rules: [{ match: { operation: 'list_apps' }, do: { kind: 'fail', status: 403, code: 4101 } }],
    });
    await tell('the account refuses to be listed', /^the platform refuses the token|cannot be read/);
    await checkAccessibility(page);
    await site.ask('DELETE', 'faults');
    await tell('the account answers again', 'All 9 apps are in sync.');

    // The daemon goes and comes back; what was typed, and the focus, are still there.
    const search = page.getByRole('searchbox');
    await search.fill('ref');
    site.daemon.child.kill('SIGTERM');
    await page.locator('#live.off').waitFor();
    expect(complaints.splice(0).filter((text) => !text.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
    await site.daemon.finished;
    await site.restart();
    await page.locator('#live.on').waitFor();
    complaints.splice(0);
    await expect.poll(() => page.locator('#apps tbody tr:visible').count()).toBe(1);
    expect(await search.inputValue()).toBe('ref');
    expect(await search.and(page.locator(':focus')).count()).toBe(1);
    await tell('the daemon is stopped and started again', 'All 9 apps are in sync.');
    expect(story.map(asRow)).toEqual(readTranscript());
  });

  it('is told in Chinese and dark, and fits a phone', async () => {
    const site = await openSite(write);
    const { page } = await openPage(browser, site.url, { locale: 'zh-CN', colorScheme: 'dark' });
    await page.locator('#headline').filter({ hasText: '全部 12 个应用均已同步。' }).waitFor();
    site.save(write(site.receiverUrl, { without: ['coupons', 'shipping', 'invoices'], grace: '0s' }));
    await page.locator('#headline').filter({ hasText: '3 项删除待批准' }).waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    const release = page.locator('[aria-labelledby=t-decisions] .release');
    expect(await release.innerText()).toMatch(
      /^处理方法[:：]?\s*运行\s+callbackd approve \w+\s+，或运行\s+callbackd apply --allow-deletes/,
    );
    await checkAccessibility(page);
    await keepScreenshot(page, 'status-page-zh-dark');
    await page.emulateMedia({ colorScheme: 'light' });
    await checkAccessibility(page);
    await keepScreenshot(page, 'status-page-zh-light');
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize({ width: 390, height: 844 });
    await checkAccessibility(page);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await keepScreenshot(page, 'status-page-phone');
  });

  it('is complete without a script: search, filter and stories are links and forms', async () => {
    const site = await openSite(write);
    await site.command('callbackd pause refunds --because migration');
    await expect
      .poll(async () => (await (await fetch(site.url)).text()).includes('data-group="paused"'))
      .toBe(true);
    const { page } = await openPage(browser, site.url, { javaScriptEnabled: false });
    expect(await page.locator('#apps tbody tr').count()).toBe(12);
    await page.locator('.chips').getByText('paused').click();
    await page.getByRole('button', { name: 'Apply' }).click();
    expect(new URL(page.url()).search).toContain('show=paused');
    expect(await page.locator('#apps tbody tr').count()).toBe(1);
    await page.goto(`${site.url}/?q=订单`);
    await page.getByRole('link', { name: 'orders' }).click();
    expect(await page.locator('h1').textContent()).toBe('orders');
    expect(await page.locator('button.copy').first().isVisible()).toBe(false);
  });

  it('shows hostile names and URLs as text', async () => {
    const name = `<img src=x onerror=alert(1)>"'&\u202e`;
    const url = `https://hooks.example.com/?a="><script>alert(2)</script>`;
    const site = await openSite(() =>
      [
        `${HEAD}apps:`,
        '  evil:',
        '    app_type: normal',
        `    name: ${JSON.stringify(name)}`,
        `    callback_url: ${JSON.stringify(url)}`,
        '',
      ].join('\n'),
    );
    const { page } = await openPage(browser, site.url);
    const shown = `<img src=x onerror=alert(1)>"'&\\u202e`;
    await page.locator('#app-evil .name').filter({ hasText: shown }).waitFor();
    expect(await page.locator('main img, main script').count()).toBe(0);
    await page.goto(`${site.url}/apps/evil`);
    await page.getByText(shown).first().waitFor();
    await page.goto(`${site.url}/?q=${encodeURIComponent('"><script>alert(3)</script>')}`);
    expect(await page.getByRole('searchbox').inputValue()).toBe('"><script>alert(3)</script>');
    expect(await page.locator('script').count()).toBe(1);
  });

  it('filters a thousand apps while typing', async () => {
    const entries = Array.from({ length: 1_000 }, (_, index) => {
      const key = `app-${String(index + 1).padStart(4, '0')}`;
      return `  ${key}: {app_type: normal, name: 回调应用 ${index + 1}}\n`;
    });
    const site = await openSite(() => `${HEAD}apps:\n${entries.join('')}`);
    const { page } = await openPage(browser, site.url);
    await page.locator('#headline').filter({ hasText: 'All 1000 apps are in sync.' }).waitFor();
    const rows = page.locator('#apps tbody tr:visible');
    expect(await rows.count()).toBe(1_000);
    const { encodedBodySize, lags } = await measureLag(page, 'app-077');
    const sorted = lags.map((lag) => Math.round(lag)).sort((left, right) => left - right);
    process.stdout.write(
      `1,000 apps: ${encodedBodySize} bytes; from a key to the frame: ${sorted.join(', ')} ms\n`,
    );
    expect(await rows.count()).toBe(10);
    expect(await page.locator('#shown').textContent()).toBe('10 of 1000 apps');
    expect(new URL(page.url()).search).toBe('?q=app-077');
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowRight');
    expect(await rows.count()).toBe(0);
    expect(await page.locator('#no-match').isVisible()).toBe(true);
    await checkAccessibility(page);
  });
});
