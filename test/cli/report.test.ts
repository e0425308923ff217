import { beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import type { Result } from '../../src/core/result/result.ts';
import { csv } from '../../src/report/csv.ts';
import { html } from '../../src/report/html/html.ts';
import { filesOf } from '../../src/report/index.ts';
import { documentText } from '../../src/report/json.ts';
import { junit } from '../../src/report/junit.ts';
import { markdown } from '../../src/report/markdown/markdown.ts';
import { prometheus } from '../../src/report/telemetry/prometheus.ts';
import { terminal } from '../../src/report/terminal/terminal.ts';
import { exampleResult, oneMode, violated } from '../report/example-result.ts';
import { scriptedHost } from './host.ts';

let written: Map<string, string>;

beforeEach(() => {
  written = new Map();
});

const report = async (
  text: string,
  ...flags: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> => {
  const { host, stdout, stderr } = scriptedHost(['report', 'r.json', ...flags], {
    readText: async () => text,
    replaceFile: async (path, content) => void written.set(path, content),
  });
  return { code: await main(host), stdout: stdout(), stderr: stderr() };
};

const of = (result: Result): string => JSON.stringify(result);

describe('contend report', () => {
  test('prints the report of the run again, and ends with 0 whatever its verdict', async () => {
    const rendered = terminal(violated(), { width: 80, color: false });
    expect(await report(of(violated()))).toEqual({ code: 0, stdout: rendered, stderr: '' });
    expect(await report(of(violated()), '--format', 'terminal')).toMatchObject({ stdout: rendered });
  });

  test.each([
    ['markdown', markdown(exampleResult())[0].text],
    ['html', html(exampleResult())[0].text],
    ['junit', junit(exampleResult())[0].text],
    ['json', documentText(exampleResult())],
    ['csv', csv(exampleResult())[0].text],
  ])('--format %s prints that file', async (format, text) => {
    expect(await report(of(exampleResult()), '--format', format)).toEqual({ code: 0, stdout: text, stderr: '' });
  });

  test.each(['x.html', 'X.HTM', 'renamed.json'])(
    'reads the document in a page (%s), whose text is that of result.json',
    async (name) => {
      const [{ text: page }] = html(exampleResult());
      const { host, stdout } = scriptedHost(['report', name, '--format', 'json'], {
        readText: async () => page,
        readBytes: async function* () {
          yield Buffer.from(page.slice(0, 1000));
          yield Buffer.from(page.slice(1000));
        },
      });
      expect(await main(host)).toBe(0);
      expect(stdout()).toBe(documentText(exampleResult()));
    },
  );

  test('reads no more of a page than 64 MB', async () => {
    let read = 0;
    const { host, stderr } = scriptedHost(['report', 'x.html'], {
      readBytes: async function* () {
        for (;;) {
          read++;
          yield new Uint8Array(1 << 20);
        }
      },
    });
    expect(await main(host)).toBe(2);
    expect(read).toBe(65);
    expect(stderr()).toContain('x.html cannot be read: it is larger than 64 MB.');
  });

  test('a page that is missing is reported like any other file', async () => {
    const { host, stderr } = scriptedHost(['report', 'x.html'], {
      readBytes: () => {
        throw Object.assign(new Error('x'), { code: 'ENOENT' });
      },
    });
    expect(await main(host)).toBe(2);
    expect(stderr()).toMatch(/^contend: x\.html cannot be read: /u);
  });

  test('--format prometheus prints the metrics, which --out alone writes no file for', async () => {
    const [{ text }] = await prometheus(exampleResult());
    expect(await report(of(exampleResult()), '--format', 'prometheus')).toEqual({ code: 0, stdout: text, stderr: '' });
    await report(of(exampleResult()), '-o', 'out', '--format', 'prometheus');
    expect([...written]).toEqual([['out/metrics.prom', text]]);
  });

  test('--format hgrm prints the histogram of a single mode, and asks for a folder where there are more', async () => {
    expect((await report(of(oneMode()), '--format', 'hgrm')).stdout).toContain('1/(1-Percentile)');
    const { code, stdout, stderr } = await report(of(exampleResult()), '--format', 'hgrm');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('--format hgrm has 4 files, one per mode.\nName a folder for them with --out.');
  });

  test('--out writes every file, or those of --format, and says which', async () => {
    const { code, stdout, stderr } = await report(of(exampleResult()), '-o', 'out');
    expect([code, stdout]).toEqual([0, '']);
    expect([...written]).toEqual(filesOf(exampleResult()).map(({ name, text }) => [`out/${name}`, text]));
    expect(stderr.split('\n')).toContain('out/lock-free.hgrm');
    written.clear();
    await report(of(exampleResult()), '-o', 'out', '--format', 'junit');
    expect([...written.keys()]).toEqual(['out/junit.xml']);
  });

  test('--out with --format terminal is refused: a terminal is no file', async () => {
    expect(await report(of(exampleResult()), '-o', 'out', '--format', 'terminal')).toMatchObject({
      code: 2,
      stdout: '',
    });
    expect(written.size).toBe(0);
  });

  test('a document of a newer version is refused with its number', async () => {
    const { code, stdout, stderr } = await report(of({ ...exampleResult(), schemaVersion: 2 }));
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('r.json is a result document of schemaVersion 2; this contend reads up to 1.');
  });

  test.each(['', 'name: online-store', '{}', '{ "schemaVersion": 1, "modes": [] }'])(
    'what is no result document is refused: %s',
    async (text) => {
      const { code, stdout, stderr } = await report(text);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^contend: r\.json is not a result document: .+\n.+result\.json.+\n$/u);
    },
  );

  test('an unknown format is refused with those that there are', async () => {
    const { code, stderr } = await report(of(exampleResult()), '--format', 'pdf');
    expect(code).toBe(2);
    expect(stderr).toContain('terminal, html, markdown, junit, json, csv, violations, hgrm, prometheus');
  });
});
