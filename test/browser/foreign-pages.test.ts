/** Pages of somebody else in the operator's browser: they may link to the status page, and learn nothing from it. */
import { createServer } from 'node:http';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hasChromium, launchBrowser } from './open-browser.ts';
import { openSite } from './open-site.ts';

/** What the server answers; Chromium keeps an answer like this even from the network tab of the foreign page. */
const REFUSED = 403;
const CONFIGURATION = 'version: 1\napps:\n  orders: {app_type: normal, name: orders}\n';

/** A page of another origin, with a body of its own. */
async function serveForeign(body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>foreign</title>${body}`);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as { readonly port: number }).port}/`;
}

/** These pages may complain: they are the ones that are refused. */
async function openTab(browser: Browser): Promise<Page> {
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  return page;
}

describe.skipIf(!hasChromium)('a foreign page', { timeout: 60_000 }, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser({ resolve: 'evil.example.com' });
  });
  afterAll(() => browser.close());

  it('that points its own name at the server is refused (DNS rebinding)', async () => {
    const site = await openSite(() => CONFIGURATION);
    const page = await openTab(browser);
    const { port } = new URL(site.url);
    for (const path of ['/', '/api/v1/status', '/apps/orders', '/metrics']) {
      const answer = await page.goto(`http://evil.example.com:${port}${path}`);
      expect(answer?.status()).toBe(421);
      expect(await answer?.text()).not.toContain('orders');
    }
  });

  it('can neither read, embed, frame nor run anything of it', async () => {
    const site = await openSite(() => CONFIGURATION);
    const script = /src="([^"]+page\.js)"/.exec(await (await fetch(site.url)).text())?.[1];
    const foreign = await serveForeign(
      `<iframe src="${site.url}/"></iframe><img src="${site.url}/"><script src="${site.url}${script}"></script>`,
    );
    const page = await openTab(browser);
    const answers: [string, string, number][] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(site.url)) {
        answers.push([
          response.request().resourceType(),
          new URL(response.url()).pathname,
          response.status(),
        ]);
      }
    });
    page.on('requestfailed', (request) => {
      if (request.url().startsWith(site.url)) answers.push([request.resourceType(), request.url(), REFUSED]);
    });
    await page.goto(foreign);
    const read = await page.evaluate(async (url) => {
      const attempt = async (mode: 'cors' | 'no-cors') =>
        fetch(`${url}/api/v1/status`, { mode }).then(
          async (response) => `${response.type} ${(await response.text()).length}`,
          (error: unknown) => String(error),
        );
      return [await attempt('cors'), await attempt('no-cors')];
    }, site.url);
    expect(read).toEqual(['TypeError: Failed to fetch', 'TypeError: Failed to fetch']);
    expect(answers.filter(([, , status]) => status !== REFUSED)).toEqual([]);
    expect(answers.map(([type]) => type)).toEqual(expect.arrayContaining(['document', 'image', 'script']));
    // A link is followed: that shows the page to the reader, and nothing to the one who made the link.
    expect((await page.goto(site.url))?.status()).toBe(200);
  });

  it('changes nothing: every method that could is refused', async () => {
    const site = await openSite(() => CONFIGURATION);
    const foreign = await serveForeign(
      `<form method="post" action="${site.url}/"><button>go</button></form>`,
    );
    const page = await openTab(browser);
    await page.goto(foreign);
    const answered = page.waitForResponse((response) => response.url() === `${site.url}/`);
    await page.getByRole('button').click();
    expect((await answered).status()).toBe(405);
  });
});
