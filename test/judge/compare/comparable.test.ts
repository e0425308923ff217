import { expect, test } from 'vitest';
import type { Result } from '../../../src/core/result/result.ts';
import { differencesOf } from '../../../src/judge/compare/comparable.ts';
import { around, modeOfRounds, runOf } from '../runs.ts';

const open = { arrival: 'even', perSecond: 1000, pacing: 'relaxed', late: 0 } as const;
const base = runOf([modeOfRounds('locked', around(1000, 2000)), modeOfRounds('new', around(1000, 2000))]);
const withMode = (at: 0 | 1, more: Partial<Result['modes'][number]>): Result => ({
  ...base,
  modes: base.modes.map((mode, index) => (index === at ? { ...mode, ...more } : mode)),
});

test('two runs of one scenario on one machine may be compared, whatever their patch versions, seeds and rounds', () => {
  const later = {
    ...base,
    tool: { ...base.tool, version: '0.9.4' },
    scenario: { ...base.scenario, seed: 7, rounds: 24, file: 'other/path.yaml' },
    machine: { ...base.machine, node: 'v20.99.1', kernel: 'Linux 9.9' },
  };
  expect(differencesOf(base, later)).toEqual([]);
  expect(differencesOf(base, withMode(1, { lock: 'none', workers: 2 }))).toEqual([]);
});

test.each<[string, Result]>([
  ['schemaVersion: 1 before, 2 after', { ...base, schemaVersion: 2 }],
  ['contend: 0 before, 1 after', { ...base, tool: { name: 'contend', version: '1.0.0' } }],
  ['Node: 20 before, 22 after', { ...base, machine: { ...base.machine, node: 'v22.1.0' } }],
  ['cpu: example before, another after', { ...base, machine: { ...base.machine, cpu: 'another' } }],
  ['cores: 2 before, 4 after', { ...base, machine: { ...base.machine, cores: 4 } }],
  ['kernel: linux before, darwin after', { ...base, machine: { ...base.machine, kernel: 'darwin 23.1' } }],
  ['scenario: online-store before, other after', { ...base, scenario: { ...base.scenario, name: 'other' } }],
  ['control: locked before, new after', { ...base, scenario: { ...base.scenario, control: 'new' } }],
  ['lock of locked: mutex before, none after', withMode(0, { lock: 'none' })],
  ['workers of locked: 1 before, 2 after', withMode(0, { workers: 2 })],
  ['transport of locked: wire before, undici after', withMode(0, { transport: 'undici' })],
  ['users of new: 64 before, 65 after', withMode(1, { users: 65 })],
  ['connections of new: kept before, one for each request after', withMode(1, { keepAlive: false })],
  ['load of new: closed before, open after', withMode(1, { offered: open })],
])('%s: they may not', (reason, after) => {
  expect(differencesOf(base, after)).toContain(reason);
});

test('rates a twentieth apart are another load, drawn ones that differ by less are not', () => {
  const at = (perSecond: number): Result => withMode(1, { offered: { ...open, perSecond } });
  expect(differencesOf(at(1000), at(1030))).toEqual([]);
  expect(differencesOf(at(1000), at(1100))).toEqual(['rate of new: 1000/s before, 1100/s after']);
});

test('an invalid run and a control that was not measured before are reasons, and every reason is told', () => {
  const invalid = { code: 'ERR_STORE', message: 'the store ended.', hint: '' };
  const reasons = differencesOf({ ...base, invalid, modes: base.modes.slice(1) }, withMode(1, { users: 3 }));
  expect(reasons).toEqual([
    'the run of 2025-01-01T00:00:00.000Z is invalid: the store ended.',
    'control: locked was not measured before',
    'users of new: 64 before, 3 after',
  ]);
});
