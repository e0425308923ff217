import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../src/core/exact/parse.ts';
import { ContendError } from '../../../src/core/errors.ts';
import { readResult } from '../../../src/core/result/read.ts';
import { documentIn, isPage } from '../../../src/report/html/payload.ts';
import { writeJson } from '../../../src/core/exact/write.ts';
import { exampleResult } from '../example-result.ts';
import { parsed } from './parsed.ts';
import { documents, pageText, sweeps } from './pages.ts';

const holding = (bytes: string | Buffer): string =>
  `<!doctype html><template id="contend-document">${typeof bytes === 'string' ? bytes : bytes.toString('base64')}</template>`;

const whyNot = (page: string): string => {
  try {
    readResult(documentIn(page, 'x.html'), 'x.html');
  } catch (error) {
    return error instanceof ContendError ? error.message : `no error of ours: ${String(error)}`;
  }
  return 'it was read';
};

describe('the document in a page', () => {
  test.each([...Object.entries(documents), ...Object.entries(sweeps)])(
    'is that which the page of %s was made from, byte for byte',
    (_, make) => {
      const result = make();
      const page = pageText(result);
      expect(isPage(page)).toBe(true);
      expect(writeJson(parseJson(documentIn(page, 'x.html')))).toBe(writeJson(result));
    },
  );

  test('is in a template, which no browser shows or runs, as letters, digits and no markup', () => {
    const templates = parsed(pageText(documents['hostile-markup']!())).all('template');
    expect(templates).toHaveLength(1);
    const page = pageText(exampleResult());
    expect(page).toMatch(/<template id="contend-document">[A-Za-z0-9+/=]+<\/template>/u);
  });

  test('keeps numbers beyond 2^53', () => {
    const base = exampleResult();
    const [mode, ...modes] = base.modes;
    const finding = { ...base.modes[3]!.consistency!.findings[0]!, operations: [], before: 1 };
    const big = {
      ...finding,
      operations: [
        { letter: 'A', session: 1, f: 'write', call: 1, ret: 2, status: 'ok', value: 9_007_199_254_740_993n },
      ],
    };
    const consistency = { ...mode!.consistency!, findings: [big as unknown as typeof finding] };
    const page = pageText({ ...base, modes: [{ ...mode!, consistency }, ...modes] });
    expect(documentIn(page, 'x.html')).toContain('9007199254740993');
  });
});

describe('a page from anywhere', () => {
  test.each([
    ['without one', '<!doctype html><p>nothing', 'there is no result document in it'],
    ['with two', holding('AAAA') + holding('AAAA'), 'there is more than one result document in it'],
    ['that is cut off', holding('AAAA').slice(0, -5), 'it is cut off'],
    ['whose document is markup', holding('<b>x</b>'), 'what is in it is no base64'],
    ['whose document is empty', holding(''), 'what is in it is no base64'],
    ['whose document is not packed', holding(Buffer.from('{}')), 'the document in it is damaged'],
    [
      'whose packed document is cut',
      holding(gzipSync('{"a":1}'.repeat(999)).subarray(0, 30)),
      'the document in it is damaged',
    ],
  ])('%s is refused', (_, page, why) => {
    expect(whyNot(page)).toBe(`x.html cannot be read: ${why}.`);
  });

  test('whose document is a bomb is refused before it has taken more than 256 MB', () => {
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024, ' '), { level: 1 });
    expect(bomb.length).toBeLessThan(4_000_000);
    expect(whyNot(holding(bomb))).toBe('x.html cannot be read: the document in it is larger than 256 MB.');
  });

  test.each(['null', '[]', '{}', '{"schemaVersion":1}', 'no JSON'])(
    'whose document is %s is refused as any such document is',
    (text) => {
      expect(whyNot(holding(gzipSync(text)))).toMatch(/^x\.html is not a result document: /u);
    },
  );

  test('whose document is of a newer version is refused with its number', () => {
    expect(whyNot(holding(gzipSync('{"schemaVersion":99}')))).toContain('of schemaVersion 99');
  });
});
