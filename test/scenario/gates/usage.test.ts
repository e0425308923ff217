import { describe, expect, test } from 'vitest';
import { planOf, read } from '../reading.ts';

const scenarioOf = (gate: string, more = 'modes: { a: none, b: { serve: { env: { B: 1 } } }, c: mutex }'): string => `
target: "http://127.0.0.1:\${port}"
serve: { command: node a.js }
steps: [{ get: / }]
gates: ['${gate}']
${more}`;

const faultOf = (text: string): string | undefined => {
  const result = read(text);
  return 'problems' in result ? result.problems[0]?.message : undefined;
};

describe('what a target uses can be gated', () => {
  test.each([
    ['target.cpu(a) < 500us', { metric: 'target.cpu', op: '<', limit: 500 }],
    ['target.memory(a) <= 512MB', { metric: 'target.memory', op: '<=', limit: 512e6 }],
    ['target.memory(a) < 1.5GiB', { metric: 'target.memory', op: '<', limit: 1.5 * 2 ** 30 }],
    ['target.cpu(b) <= 1.05 * target.cpu(a)', { metric: 'target.cpu', against: { mode: 'a', times: 1.05, plus: 0 } }],
    ['target.memory(b) <= 1.1 * target.memory(a)', { metric: 'target.memory', against: { mode: 'a', times: 1.1 } }],
  ])('%s', (gate, read) => {
    expect(planOf(scenarioOf(gate)).gates).toMatchObject([read]);
  });

  test.each([
    ['target.cpu(a) < 500', 'a time needs a unit'],
    ['target.memory(a) < 512', 'an amount of memory needs a unit'],
    ['target.memory(a) < 512Mb', 'wrong unit "Mb"'],
    ['target.memory(a) == 512MB', 'a measured amount of memory never equals a limit'],
    ['target.memory(c) <= 1.1 * target.memory(a)', 'both modes use one process'],
    ['store.cpu(a) < 500us', 'store.cpu is only known for the built-in store'],
  ])('%s is refused: %s', (gate, said) => {
    expect(faultOf(scenarioOf(gate))).toContain(said);
  });

  test('of the built-in store CPU time alone, and of what runs elsewhere nothing', () => {
    const at = (target: string, gate: string): string =>
      `target: ${target}\nsteps: [{ get: / }]\ngates: ['${gate}']\nmodes: { a: none, b: mutex }`;
    expect(faultOf(at('builtin:store', 'target.cpu(a) < 1ms'))).toBeUndefined();
    expect(faultOf(at('builtin:store', 'target.memory(a) < 1GB'))).toContain('contend starts itself');
    expect(faultOf(at('http://127.0.0.1:80', 'target.cpu(a) < 1ms'))).toContain('contend starts itself');
  });
});
