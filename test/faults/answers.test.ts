import { beforeAll, describe, expect, test } from 'vitest';
import type { FailureClass } from '../../src/core/recording/failure.ts';
import { modeOf } from '../cli/document.ts';
import { openFaultServer } from './open.ts';
import { iterations, leftIn, openFolder, reported, scenarioOf, type Asked, type Reported } from './run.ts';

type Counts = Readonly<Record<string, number>>;

/** Runs all of them in one command, a mode for each: what one meets must not touch another. */
const runAll = async (modes: { readonly [name: string]: Asked }): Promise<Reported & { readonly counts: Counts }> => {
  await using server = await openFaultServer();
  await using folder = await openFolder();
  // More users than iterations: where all of them time out, nothing more is measured.
  const users = iterations + 1;
  const file = await folder.file('answers.yaml', scenarioOf(modes, { origin: server.origin, users }));
  const ended = await reported(file, { withinMs: 50_000 });
  return { ...ended, counts: await server.counts() };
};

type Fault = Asked & { readonly failure: FailureClass; readonly sentence: string };

const faults: { readonly [name: string]: Fault } = {
  // Long enough to be connected and read, or for a head to arrive, on a machine that has much else to do.
  'no-answer': { path: '/silent', timeout: '1s', failure: 'timeout', sentence: 'no answer within 1000 ms' },
  'slow-head': {
    path: '/slow-head',
    timeout: '1500ms',
    failure: 'timeout',
    sentence: 'the answer (status 200) was not complete within 1500 ms',
  },
  'slow-body': {
    path: '/slow-body',
    timeout: '1500ms',
    failure: 'timeout',
    sentence: 'the answer (status 200) was not complete within 1500 ms',
  },
  'endless': {
    path: '/endless',
    timeout: '1500ms',
    failure: 'timeout',
    sentence: 'the answer (status 200) was not complete within 1500 ms',
  },
  'endless-read': { path: '/endless/1', capture: true, failure: 'protocol', sentence: 'body larger than 1 MiB' },
  // In whose words it is told depends on who notices it first.
  'reset': { path: '/reset', failure: 'reset', sentence: 'ask: ' },
  'reset-in-head': { path: '/reset-in-head', failure: 'reset', sentence: 'ask: ' },
  'reset-in-body': { path: '/reset-in-body', failure: 'reset', sentence: 'ask: ' },
  'cut-off': { path: '/cut-off', failure: 'reset', sentence: 'the answer (status 200) was cut off' },
  'bad-chunk': {
    path: '/bad-chunk',
    failure: 'protocol',
    sentence: 'invalid HTTP/1.1: a chunk size that is not a hexadecimal number',
  },
  'bad-status': {
    path: '/bad-status',
    failure: 'protocol',
    sentence: 'invalid HTTP/1.1: a status line without a status',
  },
  'two-lengths': {
    path: '/two-lengths',
    failure: 'protocol',
    sentence: 'invalid HTTP/1.1: two Content-Lengths that differ',
  },
  'huge-head': { path: '/huge-head', failure: 'protocol', sentence: 'invalid HTTP/1.1: a head larger than 64 KiB' },
  'upgrade': {
    path: '/upgrade',
    failure: 'protocol',
    sentence: 'invalid HTTP/1.1: status 101, an upgrade that was not requested',
  },
  'no-json': { path: '/text', capture: true, failure: 'capture', sentence: 'the body is not JSON' },
  'zip-bomb': { path: '/zip-bomb', capture: true, failure: 'protocol', sentence: 'body larger than 1 MiB' },
  'nothing': { path: '/nothing', capture: true, failure: 'capture', sentence: 'body.stock' },
  'huge-json': { path: '/huge-json', capture: true, failure: 'protocol', sentence: 'body larger than 1 MiB' },
  'deep-json': { path: '/deep-json', capture: true, failure: 'capture', sentence: 'the answer has no body.stock' },
};

describe('an answer that is none', () => {
  let run: Awaited<ReturnType<typeof runAll>>;
  beforeAll(async () => {
    run = await runAll(faults);
  }, 60_000);

  test.each(Object.entries(faults))('%s is told by its class, and nothing is sent twice', (name, fault) => {
    const { path, failure, sentence } = fault;
    const mode = modeOf(run.document, name);
    expect(mode.iterations).toMatchObject({ begun: iterations, failed: iterations });
    expect(mode.failuresByClass).toEqual({ [failure]: expect.objectContaining({ count: iterations }) as unknown });
    expect(mode.failuresByClass[failure]?.example).toContain(`ask: `);
    expect(mode.failuresByClass[failure]?.example).toContain(sentence);
    expect(run.report).toContain(` ${name} ${failure} ${iterations} ask: `);
    expect(leftIn(mode)).toBe(iterations);
    expect(run.counts[`POST ${path}`]).toBe(iterations);
  });

  test('makes a run of which nothing can be said: exit code 96, and every mode is named', () => {
    expect(run.code).toBe(96);
    expect(run.report).toContain('INVALID no iteration of');
    for (const name of Object.keys(faults)) expect(run.document.invalid?.message).toContain(name);
  });
});

const oddities: { readonly [name: string]: Asked } = {
  'early-hints': { path: '/early-hints', capture: true },
  'body-of-204': { path: '/body-of-204' },
  'longer-than-it-says': { path: '/too-long' },
  'closed-each-time': { path: '/close', capture: true },
  'continue': { path: '/continue', capture: true },
  'zipped': { path: '/gzip', capture: true },
  'zip-bomb-unread': { path: '/zip-bomb' },
  'huge-unread': { path: '/huge-json' },
};

describe('an answer that is odd', () => {
  let run: Awaited<ReturnType<typeof runAll>>;
  beforeAll(async () => {
    run = await runAll(oddities);
  });

  test.each(Object.entries(oddities))('%s is one all the same, and nothing is sent twice', (name, { path }) => {
    const mode = modeOf(run.document, name);
    expect(mode).toMatchObject({ iterations: { completed: iterations }, failuresByClass: {} });
    expect(run.counts[`POST ${path}`]).toBe(iterations);
  });

  test('passes: exit code 0', () => {
    expect(run.code).toBe(0);
  });
});
