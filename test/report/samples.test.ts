import papaparse from 'papaparse';
import { expect, test } from 'vitest';
import type { DrawnIteration } from '../../src/core/recording/draw.ts';
import { samplesCsv } from '../../src/report/samples.ts';
import { hostileText } from './hostile-markup.ts';

const row = (more: Partial<DrawnIteration>): DrawnIteration => ({
  key: 1,
  round: 0,
  worker: 0,
  user: 3,
  iteration: 17,
  startedUs: 1_234_567.4,
  outcome: 'completed',
  responseUs: 900.7,
  queueWaitUs: 0,
  sendLagUs: 1.2,
  lockWaitUs: 300,
  serviceUs: 500,
  connectUs: 0,
  retriesUs: 0,
  ...more,
});

test('rows are in the order of rounds and of the times at which they were due, whole µs each', () => {
  const rows = [row({ round: 1, startedUs: 5 }), row({}), row({ startedUs: 2 })];
  expect(samplesCsv([{ mode: 'locked', rows }])).toEqual({
    name: 'samples.csv',
    text: [
      'mode,round,worker,user,iteration,started_s,outcome,failure,response_us,queue_wait_us,send_lag_us,lock_wait_us,service_us,connect_us,retries_us',
      'locked,1,1,4,17,0.000002,completed,,900,0,1,300,500,0,0',
      'locked,1,1,4,17,1.234567,completed,,900,0,1,300,500,0,0',
      'locked,2,1,4,17,0.000005,completed,,900,0,1,300,500,0,0',
      '',
    ].join('\r\n'),
  });
});

test('a mode by any name is one cell, and no formula', () => {
  for (const mode of ['=1+1', hostileText]) {
    const { text } = samplesCsv([{ mode, rows: [row({ outcome: 'failed', failure: 'timeout' })] }]);
    const { data } = papaparse.parse<readonly string[]>(text, { skipEmptyLines: true });
    expect(data.map(({ length }) => length)).toEqual([15, 15]);
    expect(data[1]!.slice(6, 8)).toEqual(['failed', 'timeout']);
    expect(data[1]![0]).not.toMatch(/^[=+\-@]/u);
  }
});
