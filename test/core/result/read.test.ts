import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ContendError } from '../../../src/core/errors.ts';
import { readResult } from '../../../src/core/result/read.ts';
import { filesOf } from '../../../src/report/index.ts';
import {
  exampleResult,
  failing,
  hostile,
  invalid,
  noConsistency,
  oneMode,
  violated,
} from '../../report/example-result.ts';
import { hostileMarkup } from '../../report/hostile-markup.ts';

const refusal = (text: string): string => {
  try {
    readResult(text, 'r.json');
  } catch (error) {
    expect(error).toBeInstanceOf(ContendError);
    expect(error).toMatchObject({ code: 'ERR_USAGE' });
    return (error as ContendError).message;
  }
  throw new Error('it was read');
};

const changed = (change: (document: Record<string, unknown>) => void): string => {
  const document = JSON.parse(JSON.stringify(exampleResult())) as Record<string, unknown>;
  change(document);
  return JSON.stringify(document);
};

test('a document that was written is read as it was', () => {
  for (const make of [exampleResult, failing, hostile, invalid, noConsistency, oneMode, violated, hostileMarkup]) {
    const text = JSON.stringify(make());
    expect(readResult(text, 'r.json')).toEqual(JSON.parse(text));
  }
});

test('a document of version 1 stays readable, and every format shows it: the file is never changed', () => {
  const text = readFileSync(new URL('../../golden/result-1.json', import.meta.url), 'utf8');
  const result = readResult(text, 'result-1.json');
  // Its rounds were counted from 0.
  const fromOne = (key: string, value: unknown): unknown => (key === 'round' ? Number(value) + 1 : value);
  expect(result).toMatchObject(JSON.parse(text, fromOne) as object);
  expect(result.schemaVersion).toBe(1);
  // What it was written before.
  for (const mode of result.modes) expect(mode).toMatchObject({ wastedRequests: 0, anatomy: null });
  for (const lock of result.modes.flatMap(({ locks }) => locks)) {
    expect(lock).toMatchObject({ lapsed: 0, starvation: null });
  }
  const files = new Map(filesOf(result).map((file) => [file.name, file.text]));
  expect(files.get('summary.md')).toContain('optimistic is the cheapest mode that stayed right');
  expect(files.get('junit.xml')).toContain('throughput(lock-free) &gt;= 2 * throughput(locked)');
  expect([...files.values()].filter((shown) => shown.length < 100)).toEqual([]);
});

test('a field that is not known is passed over', () => {
  expect(
    readResult(
      changed((document) => (document['more'] = 1)),
      'r.json',
    ),
  ).toMatchObject({ more: 1 });
});

test('a newer version is refused with its number, whatever else it is like', () => {
  expect(refusal('{ "schemaVersion": 7 }')).toBe(
    'r.json is a result document of schemaVersion 7; this contend reads up to 1.',
  );
});

test.each([
  ['', 'it is empty: a run first writes it after its first round'],
  ['not json', 'Unexpected token'],
  ['null', 'it is not a map'],
  ['[]', 'it is not a map'],
  ['"text"', 'it is not a map'],
  ['{}', '"schemaVersion" is missing'],
  ['{ "schemaVersion": "1" }', '"schemaVersion" is not a number'],
  ['{ "schemaVersion": 1 }', '"tool" is missing'],
  [changed((document) => (document['modes'] = {})), '"modes" is not a list'],
  [changed((document) => (document['modes'] = [{ name: 'locked' }])), '"modes[0].lock" is missing'],
  [
    changed((document) => (document['verdict'] = { is: 'maybe', because: '' })),
    '"verdict.is" is not one of pass, fail',
  ],
])('%.60j is not a result document, and the message says why', (text, why) => {
  expect(refusal(text)).toContain(`r.json is not a result document: ${why}`);
});

test('a histogram that cannot be decoded is told by its place', () => {
  const text = JSON.stringify(exampleResult()).replace(/"histogram":"[^"]*"/u, '"histogram":"AAAA"');
  expect(refusal(text)).toContain('"modes[0].responseTimeUs.histogram" cannot be decoded');
});
