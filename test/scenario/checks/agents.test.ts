import { describe, expect, test } from 'vitest';
import { readScenario, type ScenarioInput } from '../../../src/scenario/read-scenario.ts';

const linesOf = (text: string, more: Partial<ScenarioInput> = {}): readonly string[] => {
  const read = readScenario({ text, file: 'a.yaml', settings: [], seed: 1, ...more });
  return 'problems' in read
    ? read.problems.map(({ place, message, hint }) => `${place} ${message} (${hint ?? ''})`)
    : [];
};

const of = (mode: string, more = ''): string =>
  `target: http://api.test\n${more}steps: [{ critical: [{ get: "/\${product}" }] }]\ndata: { product: 1..9 }\nmodes:\n  only: ${mode}\n`;

const mend = '(lock: redis holds across them; or "agents: 1" for this mode, or "agents: 0", which is this machine)';

describe('on several agents', () => {
  test.each([
    ['mutex', '"mutex"'],
    ['request-response', '"request-response"'],
    ['{ keyed: "${product}" }', '"keyed"'],
    ['read-write', '"read-write"'],
    ['{ semaphore: 4 }', '"semaphore"'],
  ])('lock: %s is refused, with what mends it', (lock, named) => {
    expect(linesOf(of(`{ lock: ${lock}, agents: 3 }`))).toEqual([
      `a.yaml:5:17 ${named} holds within one machine, and this mode is measured on 3 ${mend}`,
    ]);
    expect(linesOf(of(`{ lock: ${lock} }`), { agents: 2 })).toEqual([
      `a.yaml:5:17 ${named} holds within one machine, and this mode is measured on 2 ${mend}`,
    ]);
    for (const agents of [0, 1]) expect(linesOf(of(`{ lock: ${lock}, agents: ${agents} }`), { agents: 3 })).toEqual([]);
  });

  test('what reaches them is taken', () => {
    expect(linesOf(of('{ lock: none, agents: 3 }'))).toEqual([]);
    expect(linesOf(of('{ lock: redis, agents: 3 }'))).toEqual([]);
    const conflict = of('{ lock: none, conflict: { status: 412, retries: 3 }, agents: 3 }');
    expect(linesOf(conflict)).toEqual([]);
  });

  test('a mode that is the word of its lock is refused where it is written', () => {
    expect(linesOf(of('mutex'), { agents: 3 })).toEqual([
      `a.yaml:5:9 "mutex" holds within one machine, and this mode is measured on 3 ${mend}`,
    ]);
  });

  test('a mode that is not run is not asked', () => {
    const text = `${of('{ agents: 2 }')}  other: mutex\n`;
    expect(linesOf(text, { agents: 2, only: ['only'] })).toEqual([]);
  });

  test('more of them than the run has, and more than users, are refused', () => {
    expect(linesOf(of('{ agents: 3 }'), { agents: 2 })).toEqual([
      'a.yaml:5:19 3 agents in a run that has 2 (--agents 3, or fewer for this mode)',
    ]);
    expect(linesOf(of('{ agents: 3 }', 'load: { users: 2 }\n'))).toEqual([
      'a.yaml:6:19 3 agents for 2 users: every thread of an agent needs a user ("users: 3" or more in the load, or fewer agents)',
    ]);
  });

  test('a unix socket is refused also on one', () => {
    const settings = [{ path: ['target'], value: 'http://unix:/run/x.sock', from: '--target' }];
    expect(linesOf(of('{ agents: 1 }'), { settings })).toEqual([
      '--target a unix socket is of this machine: no agent reaches it (a target with a host and a port, or "agents: 0" for this mode)',
    ]);
    expect(linesOf(of('{ agents: 0 }'), { settings, agents: 1 })).toEqual([]);
  });

  test.each(['-1', '1.5', '257', 'auto', 'true'])('%s is no number of them', (agents) => {
    expect(linesOf(of(`{ agents: ${agents} }`))[0]).toMatch(/^a.yaml:5:19 expected 0 to 256, got /u);
  });
});
