import { expect, test } from 'vitest';
import type * as contend from '../../src/index.ts';

// The built package, as a program has it.
const built = new URL('../../dist/bundle/index.js', import.meta.url).href;
const { ContendError, render, run, sweep } = (await import(built)) as typeof contend;

const scenario = {
  target: 'builtin:store',
  rounds: 1,
  load: { users: 2, iterations: 40 },
  steps: [{ get: '/products/1', expect: { status: [200, 404] } }],
};

test('a scenario may be an object, and a result is rendered as the command would', async () => {
  const result = await run(scenario, { gates: ['errors == 0'] });
  expect(render(result)).toMatch(/^PASS {2}/mu);
  expect(render(result, { details: true, width: 120 })).toContain('where the time went');
  expect(render(result, { format: 'markdown' })).toMatch(/^# scenario\n/u);
  expect(JSON.parse(render(result, { format: 'json' }))).toEqual(JSON.parse(JSON.stringify(result)));
  expect(render(result, { format: 'hgrm' })).toContain('#[Mean');
  const twice = { ...result, modes: [...result.modes, { ...result.modes[0]!, name: 'other' }] };
  expect(() => render(twice, { format: 'hgrm' })).toThrow('one file per mode, and there are several');
});

test('a run leaves the streams of the program to the program', async () => {
  const heard = () => [process.stdout, process.stderr].map((stream) => stream.listenerCount('error'));
  const before = heard();
  await run(scenario);
  expect(heard()).toEqual(before);
});

test('a run under way says how far it is, and ends with its result', async () => {
  const running = run({ ...scenario, rounds: 2, load: { users: 2, duration: '600ms' } });
  const seen: contend.Progress[] = [];
  for await (const progress of running) seen.push(progress);
  expect(seen.at(-1)).toMatchObject({ mode: 'lock-free', rounds: 2, slotsDone: 2, slotsTotal: 2 });
  expect(seen.some(({ slotsDone }) => slotsDone < 2)).toBe(true);
  expect((await running).headline).toBe('DONE');
});

test('a sweep under way says at which point it is, and is rendered as the command would', async () => {
  const sweeping = sweep(
    { ...scenario, load: { duration: '200ms', warmup: 0 } },
    { over: 'users=1,2', gates: ['peak(lock-free) >= 1'] },
  );
  const seen: contend.Progress[] = [];
  for await (const progress of sweeping) seen.push(progress);
  const result = await sweeping;
  expect(result.points.map(({ at, modes }) => [at, modes[0]!.users])).toEqual([
    [1, 1],
    [2, 2],
  ]);
  expect(seen.at(-1)).toMatchObject({ mode: 'lock-free', slotsDone: 2, slotsTotal: 2 });
  expect([1, 2]).toContain(seen.at(-1)!.at);
  expect(render(result)).toContain('over users');
  expect(render(result, { format: 'html' })).toContain('<svg');
  expect(() => render(result, { format: 'hgrm' })).toThrow('A sweep has no hgrm.');
});

test('a sweep that cannot be is refused with every problem and its point', async () => {
  await expect(sweep(scenario, { over: 'user=1..2' })).rejects.toMatchObject({ code: 'ERR_SCENARIO' });
  await expect(sweep(scenario, { over: 'workers=1,4' })).rejects.toThrow(/That is at workers 4\.$/mu);
  await expect(
    sweep(scenario, { over: 'rate=1..8', find: 'capacity', gates: ['capacity(lock-free) >= 2'] }),
  ).rejects.toThrow('--find capacity');
});

test('a file that is not there, and a scenario that is none, are errors with a code', async () => {
  await expect(run('no-such.yaml')).rejects.toMatchObject({ name: 'ContendError', code: 'ERR_USAGE' });
  await expect(run('no-such.yaml')).rejects.toBeInstanceOf(ContendError);
  await expect(run({ target: 'builtin:store', stepz: [] })).rejects.toMatchObject({ code: 'ERR_SCENARIO' });
  for await (const progress of run({})) expect(progress).toBeUndefined();
});
