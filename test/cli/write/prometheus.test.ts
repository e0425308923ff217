import { expect, test } from 'vitest';
import { openPrometheus } from '../../../src/cli/write/prometheus.ts';
import { prometheus } from '../../../src/report/telemetry/prometheus.ts';
import { exampleResult } from '../../report/example-result.ts';
import { scriptedHost } from '../host.ts';

const full = Object.assign(new Error('write'), { code: 'ENOSPC' });

test('the file is there, empty, before the run, and holds the metrics after it', async () => {
  const written: (readonly [path: string, text: string])[] = [];
  const { host, stderr } = scriptedHost([], { replaceFile: async (path, text) => void written.push([path, text]) });
  const write = await openPrometheus(host, 'run.prom');
  expect(written).toEqual([['run.prom', '']]);
  expect(await write(exampleResult())).toBe(true);
  expect(written[1]).toEqual(['run.prom', (await prometheus(exampleResult()))[0].text]);
  expect(stderr()).toBe('');
});

test('a disk that fills up meanwhile is told, and said to whoever ends the run', async () => {
  let isFull = false;
  const { host, stderr } = scriptedHost([], {
    replaceFile: async () => {
      if (isFull) throw full;
    },
  });
  const write = await openPrometheus(host, 'run.prom');
  isFull = true;
  expect(await write(exampleResult())).toBe(false);
  expect(stderr()).toBe('contend: run.prom cannot be written: the disk is full.\n');
});
