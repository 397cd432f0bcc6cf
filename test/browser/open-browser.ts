/**
 * A real Chromium for the status page. Whatever a page complains about (an error, a refused script or style) is kept, and the
 * test that caused it fails.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { hasPrograms } from '../builders/has-programs.ts';

const CHROMIUM = '/usr/bin/chromium';
/** What a busy machine may take for one step; a step that is done is not waited for. */
const STEP_LIMIT_MS = 90_000;
const IMAGES = path.resolve(import.meta.dirname, '../../docs/images');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const hasChromium = hasPrograms('chromium');

export interface WatchedPage {
  readonly page: Page;
  /** What the page complained about so far. A test that provokes something takes it out. */
  readonly complaints: string[];
}

/** Chromium with an empty profile of its own, closed at the end. `resolve` maps the name of a host to this machine. */
export async function launchBrowser({ resolve }: { readonly resolve?: string } = {}): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(resolve === undefined ? [] : [`--host-resolver-rules=MAP ${resolve} 127.0.0.1`]),
    ],
  });
}

/** Opens an address and watches the page; the test fails at its end if it complained. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    locale: 'en-US',
    viewport: { width: 1280, height: 800 },
    ...options,
  });
  context.setDefaultTimeout(STEP_LIMIT_MS);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  onTestFinished(() => expect(complaints).toEqual([]));
  await page.goto(url);
  return { page, complaints };
}

/** Fails on anything that axe finds on the page as it is. */
export async function checkAccessibility(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { readonly axe: typeof axe }).axe.run(),
  );
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`,
  );
  expect(found).toEqual([]);
}

/** Writes docs/images/NAME.png where screenshots are wanted (`npm run screenshots:page`); otherwise nothing is written. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (process.env['CALLBACKD_SCREENSHOTS'] === undefined) return;
  mkdirSync(IMAGES, { recursive: true });
  await page.screenshot({ path: path.join(IMAGES, `${name}.png`), fullPage: false, animations: 'disabled' });
}
