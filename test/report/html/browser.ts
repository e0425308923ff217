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

/** Shows a page as if it had been served, with whatever headers. */
export const show = async (
  browser: Browser,
  text: string,
  { headers = {}, ...options }: BrowserContextOptions & { readonly headers?: { readonly [name: string]: string } } = {},
): Promise<Shown> => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
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
  return { page, requests, said, [Symbol.asyncDispose]: async () => context.close() };
};

/** The text of axe, which is run within a page. */
export const axe = (): string => checker.source;
