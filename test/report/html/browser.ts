import { existsSync } from 'node:fs';
import checker from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where a browser is; undefined where there is none. */
export const browserPath = places.find((path) => existsSync(path));

/** What installs it. */
export const installing = 'apt-get install chromium';

/** Starts it. Root in a container has no sandbox. */
export const openBrowser = async (): Promise<Browser> => {
  if (browserPath === undefined) throw new Error(installing);
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] });
};

/** A page that is shown, and what became of it. */
export interface Shown extends AsyncDisposable {
  readonly page: Page;
  /** Everything that was asked for. */
  readonly requests: string[];
  /** Messages on the console, errors, dialogs. */
  readonly said: string[];
}

type How = BrowserContextOptions & { readonly headers?: { readonly [name: string]: string } };

/** Pages that are shown no more, by the options of their contexts: a new one takes several times as long as to load it anew. */
const idle = new WeakMap<Browser, Map<string, Page[]>>();

const idleOf = (browser: Browser, options: BrowserContextOptions): Page[] => {
  const byOptions = idle.get(browser) ?? new Map<string, Page[]>();
  idle.set(browser, byOptions);
  const key = JSON.stringify(options);
  const pages = byOptions.get(key) ?? [];
  byOptions.set(key, pages);
  return pages;
};

/** Makes a page what it was when its context was new. */
const reset = async (page: Page, { viewport = usual, colorScheme = 'light' }: BrowserContextOptions): Promise<void> => {
  page.removeAllListeners();
  await page.unrouteAll({ behavior: 'wait' });
  await page.emulateMedia({ media: null, colorScheme });
  await page.setViewportSize(viewport ?? usual);
};
const usual = { width: 1280, height: 720 };

/** Shows a page as if it had been served, with whatever headers. */
export const show = async (browser: Browser, text: string, { headers = {}, ...options }: How = {}): Promise<Shown> => {
  const pages = idleOf(browser, options);
  const page = pages.pop() ?? (await (await browser.newContext(options)).newPage());
  const [requests, said]: [string[], string[]] = [[], []];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  await page.route('**/*', async (route) =>
    route.fulfill({ status: 200, contentType: 'text/html; charset=utf-8', headers: { ...headers }, body: text }),
  );
  await page.goto('http://reports.test/report.html');
  const dispose = async (): Promise<void> => {
    await reset(page, options);
    pages.push(page);
  };
  return { page, requests, said, [Symbol.asyncDispose]: dispose };
};

/** The text of axe, which is run within a page. */
export const axe = (): string => checker.source;
