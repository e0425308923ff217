import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { samplesCsv } from '../../src/report/samples.ts';
import { otlpPackages } from '../../src/report/telemetry/otlp.ts';
import { instrumentsOf } from '../../src/report/telemetry/instruments.ts';
import { exampleResult, times } from '../report/example-result.ts';
import { gates } from '../report/hostile-markup.ts';
import { locksResult } from '../report/locks-result.ts';

const docs = new URL('../../docs/', import.meta.url);
const page = readFileSync(new URL('exports.md', docs), 'utf8');

/** What the first columns of a section's table name. */
const namesIn = (title: string): readonly string[] =>
  page
    .split(`## ${title}\n`)[1]!
    .split('\n## ')[0]!
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .flatMap((line) => [...line.split('|')[1]!.matchAll(/`([^`]+)`/gu)].map(([, name]) => name!));

test('its links lead somewhere', () => {
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/gu)].map(([, path]) => path!);
  expect(links.filter((path) => !existsSync(fileURLToPath(new URL(path, docs))))).toEqual([]);
});

test('the metrics of its table are those that there are', () => {
  const inTable = namesIn('What is in them');
  const some = times(10, () => 5);
  // Every kind of number that a document may have.
  const result = locksResult();
  const everything = {
    ...result,
    gates,
    comparisons: exampleResult().comparisons,
    generator: { ...result.generator, cpuShare: 0.5 },
    modes: result.modes.map((mode) => ({
      ...mode,
      lost: { acknowledged: 2, atLeast: 1, atMost: 1 },
      targetCpuUs: 70,
      targetMemoryBytes: 60e6,
      consistency: exampleResult().modes[0]!.consistency,
      failuresByClass: { timeout: { count: 1, example: 'late' } },
      queueWaitUs: some,
      sendLagUs: some,
      connectUs: some,
      steps: [{ name: 'read', requests: 10, serviceTimeUs: some }],
      groups: [{ name: 'checkout', timeUs: some, unfinished: 0 }],
    })),
  };
  expect(
    instrumentsOf(everything)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(inTable.toSorted());
});

test('the columns of its other table are those of samples.csv, in their order', () => {
  expect(namesIn('Samples').join(',')).toBe(samplesCsv([]).text.trim());
});

test('what it says is to be installed is what the command asks for', () => {
  expect(page).toContain(`npm install ${otlpPackages.join(' ')}\n`);
});
