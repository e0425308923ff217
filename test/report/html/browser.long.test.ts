/// <reference lib="dom" />
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { compareRuns } from '../../../src/judge/compare/baseline.ts';
import { runsPage } from '../../../src/report/html/compare.ts';
import { html } from '../../../src/report/html/html.ts';
import { readResult } from '../../../src/core/result/read.ts';
import { contend } from '../../cli/contend.ts';
import { axe, browserPath, installing, openBrowser, show } from './browser.ts';
import { differenceOf, type Rgb } from './colour-difference.ts';
import { documents, pageText, sweeps, withLongNames } from './pages.ts';
import { canReadPdf, installingPdfReader, sheetsOf, squeezed } from './printed.ts';

const jenkins = {
  'content-security-policy': "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';",
};

const kinds = [
  'pass',
  'fail-data',
  'undecided',
  'invalid',
  'open-load',
  'stages',
  'locks',
  'compared',
  'long-names',
  'oldest',
  'hostile-markup',
];

/** The run of another day: each mode slower than the one before it by a twentieth more. */
const later = (result: Result): Result => ({
  ...result,
  modes: result.modes.map((mode, at) => ({
    ...mode,
    slots: mode.slots.map((slot) => ({ ...slot, throughputPerSecond: slot.throughputPerSecond * (1 - at / 20) })),
  })),
});

/** The pixel in the middle of a picture. */
const middleOf = async (page: Page, png: string): Promise<Rgb> =>
  page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (one) => one.codePointAt(0)!);
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    const [r, g, b] = context.getImageData(image.width >> 1, image.height >> 1, 1, 1).data;
    return [r!, g!, b!] as const;
  }, png);

describe.skipIf(browserPath === undefined)(
  `report.html in a browser${browserPath === undefined ? ` (skipped: ${installing})` : ''}`,
  () => {
    let browser: Browser;
    let folder: string;
    const pages = new Map<string, string>();
    /** So many modes of the demo, with names that are long and in several scripts. */
    const ofLongNames = [1, 2, 4, 12];

    beforeAll(async () => {
      browser = await openBrowser();
      folder = mkdtempSync(join(tmpdir(), 'page-'));
      for (const name of kinds) pages.set(name, pageText(documents[name]!()));
      for (const [name, make] of Object.entries(sweeps)) pages.set(name, pageText(make()));
      // A real run, with all that a made-up document lacks.
      const { stdout } = await contend(['demo', '--json', '-q', '-d', '1200ms']);
      const demo = readResult(stdout, 'demo');
      pages.set('demo', html(demo)[0].text);
      for (const modes of ofLongNames) pages.set(`${modes} long names`, html(withLongNames(demo, modes))[0].text);
      pages.set('runs', runsPage(compareRuns(demo, later(demo))));
    }, 120_000);

    afterAll(async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    });

    const ofSweeps = Object.keys(sweeps);
    const all = [...kinds, 'demo', ...ofSweeps];

    test.each(['demo', 'hostile-markup', 'open-load', 'sweep'])(
      '%s: asks for nothing, and shows the same offline',
      async (name) => {
        const file = join(folder, `${name}.html`);
        writeFileSync(file, pages.get(name)!);
        const context = await browser.newContext();
        const page = await context.newPage();
        const requests: string[] = [];
        page.on('request', (request) => requests.push(request.url()));
        await page.goto(pathToFileURL(file).href);
        const online = await page.screenshot();
        await context.setOffline(true);
        await page.reload();
        expect(await page.screenshot()).toEqual(online);
        expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([
          pathToFileURL(file).href,
          pathToFileURL(file).href,
        ]);
        await context.close();
      },
    );

    test.each(all)('%s: nothing is said on the console, in light, dark and print', async (name) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await using shown = await show(browser, pages.get(name)!, { colorScheme });
        await shown.page.emulateMedia({ media: 'print' });
        await shown.page.emulateMedia({ media: 'screen' });
        expect(shown.said).toEqual([]);
        expect(await shown.page.evaluate(() => 'owned' in globalThis)).toBe(false);
      }
    });

    test('each drawing can be taken out of the page and read as XML by itself', async () => {
      await using reader = await show(browser, '<!doctype html><title>reads XML</title>');
      for (const name of all) {
        const drawings = pages.get(name)!.match(/<svg.*?<\/svg>/gsu) ?? [];
        const broken = await reader.page.evaluate(
          (texts) =>
            texts.filter(
              (text) => new DOMParser().parseFromString(text, 'application/xml').querySelector('parsererror') !== null,
            ),
          drawings,
        );
        expect(broken, `of ${drawings.length} in ${name}`).toEqual([]);
      }
    });

    test.each(all)(
      '%s: says and draws everything where style sheets and scripts are forbidden, as by Jenkins',
      async (name) => {
        await using free = await show(browser, pages.get(name)!);
        await using bare = await show(browser, pages.get(name)!, { headers: jenkins });
        const textsOf = async ({ page }: typeof free, selector: string) =>
          page.$$eval(selector, (found) =>
            found.filter((one) => one.getClientRects().length > 0).map((one) => one.textContent),
          );
        for (const selector of ['h1', 'h2', 'h3', 'figcaption', 'td', 'th', '#verdict'])
          expect(await textsOf(bare, selector)).toEqual(await textsOf(free, selector));
        const blank = await bare.page.$$eval(
          'svg',
          (drawings) =>
            drawings.filter(
              (one) =>
                !one.closest('details:not([open]),[hidden]') &&
                (one.getBoundingClientRect().width < 2 || one.getBoundingClientRect().height < 2),
            ).length,
        );
        expect(blank).toBe(0);
      },
    );

    test('every figure has ink in it where style sheets are forbidden', async () => {
      await using bare = await show(browser, pages.get('demo')!, { headers: jenkins });
      await using counter = await show(browser, '<!doctype html><title>counts colours</title>');
      const drawings = await bare.page.$$('svg');
      expect(drawings.length).toBeGreaterThan(20);
      for (const drawing of drawings) {
        if (!(await drawing.isVisible())) continue;
        const png = (await drawing.screenshot()).toString('base64');
        const colours = await counter.page.evaluate(async (data) => {
          const bytes = Uint8Array.from(atob(data), (one) => one.codePointAt(0)!);
          const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(image.width, image.height);
          const context = canvas.getContext('2d')!;
          context.drawImage(image, 0, 0);
          const { data: pixels } = context.getImageData(0, 0, image.width, image.height);
          const seen = new Set<string>();
          for (let at = 0; at < pixels.length; at += 4) seen.add(pixels.slice(at, at + 3).join());
          return seen.size;
        }, png);
        expect(colours, `${await drawing.getAttribute('aria-label')}`).toBeGreaterThan(1);
      }
    });

    test.each(['demo', 'hostile-markup'])('%s: says the same without scripts', async (name) => {
      await using one = await show(browser, pages.get(name)!);
      await using other = await show(browser, pages.get(name)!, { javaScriptEnabled: false });
      const [told, quiet] = [await one.page.innerText('main'), await other.page.innerText('main')];
      expect(quiet).toBe(told);
    });

    test('what somebody puts into the page does not run, and is told', async () => {
      const injected = pages
        .get('pass')!
        .replace(
          '</main>',
          () =>
            '<script>globalThis.owned = 1</script><style>main{display:none}</style><img src="data:," onerror="globalThis.owned = 2"></main>',
        );
      await using shown = await show(browser, injected);
      expect(await shown.page.evaluate(() => 'owned' in globalThis)).toBe(false);
      expect(await shown.page.isVisible('#verdict')).toBe(true);
      expect(shown.said.filter((one) => one.includes('Content Security Policy')).length).toBeGreaterThanOrEqual(3);
    });

    test.each([
      [1280, 720],
      [390, 844],
    ])('at %i × %i the first screen has the word, the sentence and every mode', async (width, height) => {
      for (const name of ['fail-data', 'open-load', 'demo', 'sweep', 'sweep of keys', 'sweep of capacity']) {
        await using shown = await show(browser, pages.get(name)!, { viewport: { width, height } });
        const ends = await shown.page.$$eval('.word, .lead, table.first tbody tr', (found) =>
          found.map((one) => one.getBoundingClientRect().bottom),
        );
        expect(ends.length).toBeGreaterThan(3);
        expect(Math.max(...ends), `of ${name}`).toBeLessThanOrEqual(height);
      }
    });

    test.each(all)(
      '%s: at no width anything is wider than the page but what scrolls by itself, which can be focused',
      async (name) => {
        await using shown = await show(browser, pages.get(name)!);
        for (const width of [320, 390, 640, 768, 1280, 1920]) {
          await shown.page.setViewportSize({ width, height: 800 });
          const [wide, unfocused] = await shown.page.evaluate(() => [
            document.documentElement.scrollWidth <= innerWidth
              ? []
              : [...document.querySelectorAll('main *')]
                  .filter((one) => one.getBoundingClientRect().right > innerWidth && one.closest('.scroll') === null)
                  .map((one) => one.outerHTML.slice(0, 120)),
            [...document.querySelectorAll('.scroll')].filter(
              (one) => one.scrollWidth > one.clientWidth + 1 && one.getAttribute('tabindex') !== '0',
            ).length,
          ]);
          expect(wide, `at ${width} px`).toEqual([]);
          expect(unfocused).toBe(0);
        }
      },
    );

    test.each(['pass', 'fail-data', 'undecided', 'open-load', 'demo', 'hostile-markup', ...ofSweeps])(
      '%s: axe finds nothing, in light and dark, which differ in colours only',
      async (name) => {
        await using shown = await show(browser, pages.get(name)!, { bypassCSP: true });
        const { page } = shown;
        await page.evaluate(axe());
        const found = async (isOfColours: boolean): Promise<readonly string[]> =>
          page.evaluate(async (coloursOnly) => {
            const { axe: checker } = globalThis as unknown as {
              readonly axe: {
                getRules(tags: readonly string[]): readonly { readonly ruleId: string }[];
                run(where: Document, how: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>;
              };
            };
            const idsOf = (...tags: string[]) => checker.getRules(tags).map(({ ruleId }) => ruleId);
            const colours = new Set(idsOf('cat.color'));
            const wanted = idsOf('wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa');
            const values = coloursOnly ? wanted.filter((id) => colours.has(id)) : wanted;
            const { violations } = await checker.run(document, { runOnly: { type: 'rule', values } });
            return [
              ...(values.includes('color-contrast') ? [] : ['colours were not looked at']),
              ...violations.map(({ id, nodes }) => `${id}: ${nodes[0]!.html.slice(0, 200)}`),
            ];
          }, isOfColours);
        const shape = async () =>
          page.$$eval('*', (all) =>
            all.map((one) => {
              const { x, y, width, height } = one.getBoundingClientRect();
              return `${one.tagName} ${x} ${y} ${width} ${height} ${one.checkVisibility()} ${getComputedStyle(one).visibility}`;
            }),
          );
        await page.emulateMedia({ colorScheme: 'light' });
        const light = await shape();
        expect(await found(false)).toEqual([]);
        await page.emulateMedia({ colorScheme: 'dark' });
        expect(await shape()).toEqual(light);
        expect(await found(true)).toEqual([]);
      },
    );

    test.each(['invalid', 'oldest', 'demo', 'sweep', 'sweep that broke'])(
      '%s: no level of headings is left out, and every drawing has a name',
      async (name) => {
        await using shown = await show(browser, pages.get(name)!);
        const levels = await shown.page.$$eval('h1,h2,h3,h4', (found) =>
          found.map(({ tagName }) => Number(tagName[1])),
        );
        levels.forEach((level, at) => expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1));
        expect(
          await shown.page.$$eval('svg', (found) => found.filter((one) => !one.getAttribute('aria-label')).length),
        ).toBe(0);
      },
    );

    test('every mark stands out from its ground, 3 : 1 or more, in light and dark', async () => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await using shown = await show(browser, pages.get('demo')!, { colorScheme });
        const contrasts = await shown.page.evaluate(() => {
          const channels = (color: string): number[] =>
            color
              .match(/[\d.]+/gu)!
              .slice(0, 3)
              .map(Number);
          const light = (color: string): number => {
            const [r, g, b] = channels(color).map((one) =>
              one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4,
            );
            return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
          };
          const ground = light(getComputedStyle(document.body).backgroundColor);
          return [...document.querySelectorAll('svg [class^=f]')].map((one) => {
            const mark = light(getComputedStyle(one).fill);
            return (Math.max(mark, ground) + 0.05) / (Math.min(mark, ground) + 0.05);
          });
        });
        expect(contrasts.length).toBeGreaterThan(10);
        expect(Math.min(...contrasts)).toBeGreaterThanOrEqual(3);
      }
    });

    test.each(['light', 'dark'] as const)(
      'the colours of six modes stay apart for every kind of sight that tells hues apart, %s',
      async (colorScheme) => {
        await using shown = await show(browser, pageText(documents['twelve-modes']!()), {
          colorScheme,
          deviceScaleFactor: 4,
        });
        await using counter = await show(browser, '<!doctype html><title>reads colours</title>');
        const vision = await shown.page.context().newCDPSession(shown.page);
        for (const type of ['none', 'protanopia', 'deuteranopia', 'tritanopia'] as const) {
          await vision.send('Emulation.setEmulatedVisionDeficiency', { type });
          const colors: Rgb[] = [];
          for (const drawing of (await shown.page.$$('.controls svg')).slice(0, 6))
            colors.push(await middleOf(counter.page, (await drawing.screenshot()).toString('base64')));
          const apart = colors.flatMap((one, at) => colors.slice(at + 1).map((other) => differenceOf(one, other)));
          expect(apart).toHaveLength(15);
          expect(Math.min(...apart), `${type}: ${colors.join(' / ')}`).toBeGreaterThanOrEqual(10);
        }
      },
    );

    test('printed from a dark screen it is dark on white, and what is folded is open', async () => {
      await using shown = await show(browser, pages.get('demo')!, { colorScheme: 'dark' });
      await shown.page.emulateMedia({ media: 'print' });
      const [ground, ink, folded] = await shown.page.evaluate(() => [
        getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.body).color,
        document.querySelector('details table')!.getClientRects().length,
      ]);
      expect([ground, ink]).toEqual(['rgb(255, 255, 255)', 'rgb(27, 31, 36)']);
      expect(folded).toBeGreaterThan(0);
      expect((await shown.page.pdf({ format: 'A4' })).length).toBeGreaterThan(20_000);
    });

    describe.skipIf(!canReadPdf)(
      `printed from a dark screen${canReadPdf ? '' : ` (skipped: ${installingPdfReader})`}`,
      () => {
        test.each([
          'demo',
          'fail-data',
          'compared',
          'open-load',
          'stages',
          'failing',
          'runs',
          'twelve-modes',
          'sweep',
          'sweep of capacity',
        ])('%s: every caption and every number of the first table is there, and no chart is cut', async (name) => {
          await using shown = await show(browser, pages.get(name) ?? pageText(documents[name]!()), {
            colorScheme: 'dark',
          });
          const sheets = await sheetsOf(shown.page);
          const [captions, cells, charts] = await shown.page.evaluate(() => [
            [...document.querySelectorAll('figcaption')].map((one) => one.textContent),
            [...document.querySelectorAll('table.first tbody :is(td,th):not(.c-forest)')].map((one) => one.textContent),
            [...document.querySelectorAll('svg.chart')].map((one) =>
              [...one.querySelectorAll('text')].map((label) => label.lastChild?.textContent ?? '').join(''),
            ),
          ]);
          const all = sheets.join('');
          expect(captions.map(squeezed).filter((one) => !all.includes(one))).toEqual([]);
          expect(cells.map(squeezed).filter((one) => !sheets[0]!.includes(one))).toEqual([]);
          // A chart that lies across the end of a sheet is drawn on both.
          const times = charts.map((words) => sheets.filter((sheet) => sheet.includes(squeezed(words))).length);
          expect(times.map((count, at) => (count === 1 ? '' : `${count} × ${charts[at]}`)).filter(Boolean)).toEqual([]);
        });
      },
    );

    test('on A4 nothing is wider than the paper, and every letter can be read', async () => {
      const found: string[] = [];
      for (const name of [...all, 'failing', 'twelve-modes']) {
        // 210 mm without the margins of the style sheet.
        await using shown = await show(browser, pages.get(name) ?? pageText(documents[name]!()), {
          viewport: { width: 687, height: 1000 },
        });
        await shown.page.emulateMedia({ media: 'print' });
        const [cut, small] = await shown.page.evaluate(() => {
          const seen = [...document.querySelectorAll('main *')].filter((one) => one.getClientRects().length > 0);
          return [
            seen.filter((one) => one.getBoundingClientRect().right > innerWidth + 1),
            seen.filter(
              (one) => one.tagName === 'text' && one.textContent !== '' && one.getBoundingClientRect().height < 6,
            ),
          ].map((all) =>
            all.slice(0, 3).map((one) => `${one.outerHTML.slice(0, 80)} … ${one.textContent.slice(0, 40)}`),
          );
        });
        found.push(...[...cut!, ...small!].map((one) => `${name}: ${one}`));
      }
      expect(found).toEqual([]);
    });

    test('keys reach every region that scrolls, every link and every box, and what has the focus is to be seen', async () => {
      await using shown = await show(browser, pages.get('demo')!);
      const wanted = await shown.page.$$eval(
        'a,summary,input,.scroll',
        (found) => found.filter((one) => one.checkVisibility()).length,
      );
      const reached = new Set<string>();
      for (let at = 0; at < wanted + 5; at++) {
        await shown.page.keyboard.press('Tab');
        const [place, outline] = await shown.page.evaluate(() => {
          const one = document.activeElement!;
          return [String([...document.querySelectorAll('main *')].indexOf(one)), getComputedStyle(one).outlineStyle];
        });
        if (place === '-1') continue;
        reached.add(place);
        expect(outline).not.toBe('none');
      }
      expect(reached.size).toBeGreaterThanOrEqual(wanted);
    });

    test('a box fades its mode in every figure, and changes nothing else', async () => {
      await using shown = await show(browser, pages.get('demo')!);
      const opacities = async (name: string) =>
        shown.page.$$eval(`g.${name}`, (found) => [...new Set(found.map((one) => getComputedStyle(one).opacity))]);
      const before = await shown.page.innerHTML('main');
      await shown.page.uncheck('#b1');
      expect(await opacities('m1')).toEqual(['0.12']);
      expect(await opacities('m2')).toEqual(['1']);
      expect(await shown.page.innerHTML('main')).toBe(before);
    });

    test.each([
      'demo',
      ...ofLongNames.map((modes) => `${modes} long names`),
      'compared',
      'stages',
      'open-load',
      'fail-data',
      'runs',
      'twelve-modes',
      'wide-names',
      'long-names',
      'locks',
      'failing',
      'one-mode',
      'sweep',
      'sweep of keys',
      'sweep of rates',
      'sweep of capacity',
    ])('%s: no two texts of a figure lie on one another, and none reaches beyond it', async (name) => {
      await using shown = await show(browser, pages.get(name) ?? pageText(documents[name]!()), {
        viewport: { width: 1280, height: 800 },
      });
      const pairs = await shown.page.$$eval('svg', (drawings) =>
        drawings.flatMap((drawing) => {
          const texts = [...drawing.querySelectorAll('text')].map((one) => ({
            words: one.textContent,
            box: one.getBoundingClientRect(),
          }));
          const { left, right } = drawing.getBoundingClientRect();
          const beyond = texts.filter(({ box }) => box.width > 0 && (box.left < left - 2 || box.right > right + 2));
          const crossing = texts.flatMap((one, at) =>
            texts
              .slice(at + 1)
              .flatMap((other) =>
                one.box.left < other.box.right - 1 &&
                other.box.left < one.box.right - 1 &&
                one.box.top < other.box.bottom - 3 &&
                other.box.top < one.box.bottom - 3
                  ? [`${one.words} / ${other.words}`]
                  : [],
              ),
          );
          return [...beyond.map(({ words }) => `beyond: ${words}`), ...crossing];
        }),
      );
      expect(pairs).toEqual([]);
    });

    test('forced colours leave every figure in its ink, and nothing moves', async () => {
      await using shown = await show(browser, pages.get('demo')!, { forcedColors: 'active', reducedMotion: 'reduce' });
      const [fills, moving] = await shown.page.evaluate(() => [
        [...new Set([...document.querySelectorAll('svg [class^=f]')].map((one) => getComputedStyle(one).fill))],
        [...document.querySelectorAll('*')].filter((one) => {
          const { animationName, transitionDuration } = getComputedStyle(one);
          return animationName !== 'none' || transitionDuration !== '0s';
        }).length,
      ]);
      expect(fills).toHaveLength(1);
      expect(fills).not.toContain('none');
      expect(moving).toBe(0);
    });

    test('the page of the demo has at most 6,000 nodes', async () => {
      await using shown = await show(browser, pages.get('demo')!);
      expect(await shown.page.$$eval('*', (found) => found.length)).toBeLessThanOrEqual(6000);
    });
  },
);
