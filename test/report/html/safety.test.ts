import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain } from '../../../src/report/plain.ts';
import { exampleResult } from '../example-result.ts';
import { hostileText } from '../hostile-markup.ts';
import { hostileSweep } from '../sweep/more-sweeps.ts';
import { parsed, type Parsed } from './parsed.ts';
import { documents, pageText, sweeps } from './pages.ts';

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const forbidden = ['img', 'iframe', 'object', 'embed', 'base', 'form', 'foreignobject', 'audio', 'video', 'frame'];

/** What of a page could run, load or lead elsewhere. */
const dangersIn = ({ elements }: Parsed): readonly string[] =>
  elements.flatMap(({ tag, attributes }) => [
    ...(forbidden.includes(tag.toLowerCase()) ? [tag] : []),
    ...[...attributes].flatMap(([name, value]) => {
      if (/^on|^(?:style|srcdoc|src|action|formaction|ping|background|data)$/u.test(name)) return [`${tag} ${name}`];
      return name.endsWith('href') && !/^(?:#[a-z][a-z0-9-]*|data:,)$/u.test(value) ? [`${tag} ${name}=${value}`] : [];
    }),
  ]);

describe.each([...Object.entries(documents), ...Object.entries(sweeps)])('the page of %s', (_, make) => {
  const text = pageText(make());
  const page = parsed(text);

  test('is read without an error, and no id is there twice', () => {
    expect(page.errors).toEqual([]);
    const ids = page.elements.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('has nothing that runs, loads or leads elsewhere, whatever is in the document', () => {
    expect(dangersIn(page)).toEqual([]);
    expect(page.all('style')).toHaveLength(1);
    expect(page.all('script').length).toBeLessThanOrEqual(1);
    expect(page.all('link').map(({ attributes }) => attributes.get('href'))).toEqual(['data:,']);
  });

  test('leads only to places that are there', () => {
    const ids = new Set(page.elements.flatMap(({ attributes }) => attributes.get('id') ?? []));
    const links = page.all('a').map(({ attributes }) => attributes.get('href')!.slice(1));
    expect(links.filter((one) => !ids.has(one))).toEqual([]);
  });

  test('forbids in its head all but its own style sheet and script, before anything else is read', () => {
    const [charset, csp] = page.all('meta').map(({ attributes }) => attributes);
    expect(charset!.get('charset')).toBe('utf-8');
    expect(text.indexOf('<meta charset')).toBeLessThan(100);
    expect(csp!.get('http-equiv')).toBe('Content-Security-Policy');
    expect(text.indexOf('Content-Security-Policy')).toBeLessThan(text.indexOf('<style'));
    const own = (tag: string): string => {
      const [, inside] = new RegExp(`<${tag}>(.*?)</${tag}>`, 'su').exec(text) ?? [];
      return inside === undefined ? '' : `${tag}-src ${hashOf(inside)}; `;
    };
    expect(csp!.get('content')).toBe(
      `default-src 'none'; ${own('script')}${own('style')}img-src data:; base-uri 'none'; form-action 'none'`,
    );
  });

  test('names no place outside of it but in text', () => {
    const [css = ''] = /<style>.*?<\/style>/su.exec(text) ?? [];
    expect(css).not.toMatch(/url\(|@import|https?:/u);
    const attributes = page.elements.flatMap(({ attributes: all }) =>
      [...all].filter(([name]) => !['xmlns', 'aria-label'].includes(name)).map(([, value]) => value),
    );
    expect(attributes.filter((value) => /https?:|javascript:|url\((?!#)/iu.test(value))).toEqual([]);
  });
});

test('text from outside reads as it does on a terminal, and is nothing but text', () => {
  const lead = parsed(pageText(documents['hostile-markup']!())).elements.find(
    ({ attributes }) => attributes.get('class') === 'lead',
  );
  expect(lead!.text).toBe(`${plain(hostileText, 600).replaceAll(/ +/gu, ' ')}.`);
});

const nasty = fc.oneof(
  fc.constantFrom(
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    '</title><script>alert(1)</script>',
    '</style><script>alert(1)</script>',
    '</svg><script>alert(1)</script>',
    '<!--<script>',
    '-->',
    ']]>',
    'javascript:alert(1)',
    '</template></script>',
    '${1}',
    '$&$`',
    '&lt;',
    '&#60;',
    '\u2028\u2029\ud800\u0000\u202e',
    '__proto__',
    'constructor',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

test('whatever text stands wherever text from outside may stand, the page stays what it is', () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), (pieces) => {
      const text = pieces.join('');
      const base = exampleResult();
      const modes = base.modes.map((mode, at) => ({ ...mode, name: `${text}${at}`, lock: text }));
      const result = {
        ...base,
        startedAt: text,
        scenario: { ...base.scenario, name: text, file: text, control: modes[0]!.name },
        modes,
        comparisons: base.comparisons.map((one, at) => ({
          ...one,
          mode: modes[at + 1]!.name,
          control: modes[0]!.name,
        })),
        conclusion: text,
        reasons: [text, text],
        invalid: { code: text, message: text, hint: text, output: [text] },
      };
      const page = parsed(pageText(result));
      expect(page.errors).toEqual([]);
      expect(dangersIn(page)).toEqual([]);
      expect(page.all('style')).toHaveLength(1);
    }),
    { numRuns: 30 },
  );
});

test('whatever text stands in a sweep, its page stays what it is', () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), (pieces) => {
      const page = parsed(pageText(hostileSweep(pieces.join(''))));
      expect(page.errors).toEqual([]);
      expect(dangersIn(page)).toEqual([]);
      expect(page.all('style')).toHaveLength(1);
    }),
    { numRuns: 15 },
  );
});

test('a text of a megabyte is cut, as is a document with many', () => {
  const long = '<b>'.repeat(350_000);
  const base = exampleResult();
  const text = pageText({ ...base, conclusion: long, reasons: Array.from({ length: 100 }, () => long) });
  expect(parsed(text).all('b').length).toBeLessThan(60);
  expect(text.length).toBeLessThan(1_500_000);
});
