import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RelativeGate } from '../../../src/core/plan/plan.ts';
import { linesOf, planOf, read } from '../reading.ts';

const shop = (gates: readonly string[], more = ''): string => `target: http://x
steps: [{ name: read, get: / }, { name: write, put: / }, { get: /a(b)/c }]
modes: { old: mutex, new: none, small: { steps: { write: null } }, big: { load: { users: 9 } } }
gates:
${gates.map((gate) => `  - ${gate}\n`).join('')}${more}`;

const open = 'load: { rate: 100/s }\n';
const service = { metric: 'service.p99', mode: 'new', step: 'write', op: '<=' };
const old = (times: number, plus = 0) => ({ mode: 'old', times, plus });

describe('a gate that compares modes can be read', () => {
  test.each<[text: string, gate: Omit<RelativeGate, 'text'> | object]>([
    ['throughput(new) >= throughput(old)', { metric: 'throughput', mode: 'new', op: '>=', against: old(1) }],
    ['throughput(new) >= 0.95 * throughput(old)', { metric: 'throughput', mode: 'new', op: '>=', against: old(0.95) }],
    ['throughput(new)>95%*throughput(old)', { metric: 'throughput', mode: 'new', op: '>', against: old(0.95) }],
    ['throughput( new ) > throughput( old ) * 2', { metric: 'throughput', mode: 'new', op: '>', against: old(2) }],
    ['service.p99(new/write) <= 1.1 * service.p99(old/write)', { ...service, against: { ...old(1.1), step: 'write' } }],
    [
      'service.p99(new/write) <= service.p99(old/write) * 110% + 5ms',
      { ...service, against: { ...old(1.1, 5000), step: 'write' } },
    ],
    [
      'service.p50(new) < service.p50(old) + 800us',
      { metric: 'service.p50', mode: 'new', op: '<', against: old(1, 800) },
    ],
    [
      'p99(new/GET /a(b)/c) < 2 * p99(old/GET /a(b)/c)',
      { metric: 'p99', mode: 'new', step: 'GET /a(b)/c', op: '<', against: { ...old(2), step: 'GET /a(b)/c' } },
    ],
  ])('%s', (text, gate) => {
    expect(planOf(shop([text])).gates).toStrictEqual([{ text, ...gate }]);
  });

  test('of response times where the load is open, in stages too', () => {
    const text = 'p99.9(new) <= 1.1 * p99.9(old) + 5ms';
    const gate = { text, metric: 'p99.9', mode: 'new', op: '<=', against: old(1.1, 5000) };
    expect(planOf(shop([text], open)).gates).toStrictEqual([gate]);
    expect(planOf(shop([text], 'load: { stages: [{ duration: 1s, rate: 9/s }] }\n')).gates).toStrictEqual([gate]);
  });

  test('and is left out where either of its modes is not run', () => {
    const text = shop(['throughput(new) > throughput(old)', 'generator']);
    for (const mode of ['old', 'new', 'small']) {
      const plan = planOf(text, { only: [mode] });
      expect([plan.gates.map((gate) => gate.text), plan.rounds]).toEqual([['generator'], 1]);
    }
    expect(planOf(text, { only: ['new', 'old'] }).gates).toHaveLength(2);
  });

  test('from --gate, too', () => {
    const plan = planOf(shop(['generator']), { gates: ['throughput(new) > throughput(old)'] });
    expect(plan.gates.map((gate) => gate.metric)).toEqual(['generator', 'throughput']);
  });
});

describe('a gate that compares modes and cannot be read is told with its place', () => {
  test.each<[text: string, ...problems: string[]]>([
    [
      'throughput(nwe) > throughput(odl)',
      '16 no mode is called "nwe" (did you mean "new"?)',
      '34 no mode is called "odl" (did you mean "old"?)',
    ],
    [
      'p98(new) > speed(old)',
      '5 unknown metric "p98" (did you mean "p90"?)',
      '16 unknown metric "speed" (there are throughput, mean, p50, p90, p95, p99, p99.9 (also as service.p99 and lockWait.p99), errors, lost, consistency, generator, target.cpu, target.memory)',
    ],
    ['throughput(new) > throghput(old)', '23 unknown metric "throghput" (did you mean "throughput"?)'],
    [
      'service.p99(new) < service.p95(old)',
      '24 service.p99 is compared with service.p99, not with service.p95 (did you mean "service.p99"?)',
    ],
    [
      'throughput(new) > service.p99(old)',
      '23 throughput is compared with throughput, not with service.p99 (throughput(old))',
    ],
    ['throughput(new) > throughput(new)', '34 "new" is compared with itself (the others are "old", "small", "big")'],
    [
      'service.p99(new/wirte) < service.p99(old/raed)',
      '21 no step is called "wirte" (did you mean "write"?)',
      '46 no step is called "raed" (did you mean "read"?)',
    ],
    [
      'service.p99(old/write) < service.p99(small/write)',
      '48 no step is called "write" (the steps of "small" are "read", "GET /a(b)/c")',
    ],
    [
      'throughput(new/read) > throughput(old)',
      '20 throughput belongs to a whole mode, not to a step (throughput(new))',
    ],
    [
      'service.p99(new/read) < service.p99(old)',
      '41 a step is compared with a step, and a whole mode with a whole mode (such as service.p99(old/read))',
    ],
    ['throughput(new) == throughput(old)', '21 two measurements are never equal (use <, <=, > or >=)'],
    ['throughput(new) => throughput(old)', '21 unknown operator "=>" (did you mean ">="?)'],
    ['throughput(new) throughput(old)', '21 expected an operator (one of <, <=, >, >=, ==)'],
    ['throughput(new) > throughput(old', '33 this "(" is never closed (such as p99(locked) < 50ms)'],
    ['throughput(new) > 0 * throughput(old)', '23 a factor is above 0 (such as 0.95 or 95%)'],
    ['throughput(new) > -1 * throughput(old)', '23 expected a factor, got "-1" (such as 0.95 or 95%)'],
    ['throughput(new) > 2x * throughput(old)', '23 expected a factor, got "2x" (such as 0.95 or 95%)'],
    ['throughput(new) > * throughput(old)', '23 a factor is missing (such as 0.95 or 95%)'],
    ['throughput(new) > throughput(old) *', '40 a factor is missing (such as 0.95 or 95%)'],
    [
      'throughput(new) > 2 throughput(old)',
      '23 expected a factor and "*" before the metric (such as 1.1 * throughput(old))',
    ],
    ['throughput(new) > 2 * throughput(old) * 2', '43 two factors: one says it'],
    [
      'throughput(new) > throughput(old) / 2',
      '39 expected "*" and a factor, "+" and a floor, or nothing (such as 1.1 * throughput(old) + 5ms)',
    ],
    [
      'throughput(new) > throughput(old) + 50/s',
      '41 throughput takes no floor, only a factor (a floor is a time, as in "+ 5ms")',
    ],
    ['service.p99(new) < service.p99(old) + 5', '43 a time needs a unit: 5ms or 5us (such as 50ms or 800us)'],
    ['service.p99(new) < service.p99(old) +', '42 a floor is missing (such as 50ms or 800us)'],
    ['service.p99(new) < service.p99(old) + 0', '43 a floor of 0 adds nothing (leave it out)'],
    [
      'service.p99(new) < service.p99(old) - 5ms',
      '41 a floor is added, never taken away (such as 1.1 * service.p99(old) + 5ms)',
    ],
    ['service.p99(new) < 5ms + service.p99(old)', '24 a floor comes last (service.p99(old) + 5ms)'],
    [
      'service.p99(new) < service.p99(old) + service.p99(small)',
      '43 expected a time, got "service.p99(small)" (such as 50ms or 800us)',
    ],
    [
      'throughput(new) > generator(old)',
      '23 generator is not compared between modes (write it alone, generator, or with one mode: generator(locked))',
    ],
  ])('%s', (text, ...problems) => {
    expect(linesOf(shop([text]))).toEqual(problems.map((problem) => `shop.yaml:5:${problem}`));
  });
});

test('whatever is put together from the pieces of gates is read, or told with a place inside it', () => {
  const pieces = [
    'p99',
    'service.p99',
    'throughput',
    'generator',
    '(',
    ')',
    'new',
    'old',
    '/',
    'write',
    '<',
    '>=',
    '1.1',
    '%',
    '*',
    '+',
    '5ms',
    ' ',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 20 }), (words) => {
      const text = words.join('');
      fc.pre(text.trim() !== '');
      const result = read(shop([JSON.stringify(text)], open));
      if (!('problems' in result)) return;
      for (const { place } of result.problems) {
        const [, line, column] = place.split(':').map(Number);
        expect(line).toBe(5);
        expect(column).toBeGreaterThanOrEqual(6);
        expect(column).toBeLessThanOrEqual(6 + text.length);
      }
    }),
    { numRuns: 200 },
  );
});

describe('a gate that compares modes is refused, with the reason', () => {
  test.each<[metric: string, reason: string]>([
    ['errors', 'a share of failures is held against a limit (such as errors(new) < 0.1%)'],
    ['lost', 'an update is lost or not (lost(new) == 0)'],
    ['consistency', 'data is right or not (consistency(new))'],
    ['mean', 'a few long times decide it (gate throughput(new) or service.p99(new))'],
    ['max', 'a few long times decide it (gate throughput(new) or service.p99(new))'],
    [
      'lockWait.p99',
      'a wait belongs to the lock of that mode (gate throughput(new), which says what the waiting costs)',
    ],
  ])('where %s is held against a limit alone', (metric, reason) => {
    expect(linesOf(shop([`${metric}(new) <= 1.1 * ${metric}(old)`], open))).toEqual([
      `shop.yaml:5:5 ${metric} is never compared between modes: ${reason}`,
    ]);
  });

  test('where it is about response times and the load is closed', () => {
    const line =
      'shop.yaml:5:5 in a closed load p95 says no more than throughput, as users wait for each other: it does not compare modes (gate throughput(new) or service.p95(new), or give the load a rate, the same for all modes)';
    for (const load of ['', 'load: { stages: [{ duration: 1s, users: 9 }] }\n'])
      expect(linesOf(shop(['p95(new) < 1.1 * p95(old)'], load))).toEqual([line]);
  });

  test('where a mode has another workload', () => {
    const reason =
      '"big" has its own load or data, so it is another workload: shown beside the others, never gated against one (put load and data at the top, or compare it with a limit)';
    expect(linesOf(shop(['throughput(big) > throughput(old)']))).toEqual([`shop.yaml:5:16 ${reason}`]);
    expect(linesOf(shop(['p99(new) < p99(big)'], open))).toEqual([`shop.yaml:5:20 ${reason}`]);
  });

  test('where there is no other mode', () => {
    const text = 'target: http://x\nsteps: [{ get: / }]\ngates:\n  - throughput(lock-free) > throughput(lock-free)\n';
    expect(linesOf(text)).toEqual([
      'shop.yaml:4:40 "lock-free" is compared with itself (the scenario has one mode; use a limit)',
    ]);
  });
});

describe('gates that compare modes need rounds enough to fail', () => {
  const gates = (count: number): string[] =>
    Array.from({ length: count }, (_, at) => `throughput(new) >= 0.${at + 10} * throughput(old)`);

  test.each<[count: number, fewest: number]>([
    [1, 7],
    [2, 8],
    [3, 9],
    [24, 12],
  ])('%d take %d', (count, fewest) => {
    const text = (rounds: number): string => shop(gates(count), `rounds: ${rounds}\n`);
    expect(planOf(text(fewest)).rounds).toBe(fewest);
    const take = count === 1 ? 'the gate that compares modes takes' : `the ${count} gates that compare modes take`;
    const can = count === 1 ? 'it can' : 'they can';
    expect(linesOf(text(fewest - 1))).toEqual([
      `shop.yaml:${5 + count}:9 ${take} ${fewest} rounds: with ${fewest - 1} ${can} never fail (rounds: 12)`,
    ]);
  });

  test('twice as many being allowed, half of what two looks take', () => {
    const text = shop(gates(2), 'rounds: 5\n');
    expect(planOf(text, { extend: true }).rounds).toBe(5);
    expect(linesOf(shop(gates(2), 'rounds: 4\n'), { extend: true })).toEqual([
      'shop.yaml:7:9 the 2 gates that compare modes take 9 rounds: with 4 and 4 more they can never fail (rounds: 12)',
    ]);
  });

  test('in the words of what set them', () => {
    const settings = (from: string) => [{ path: ['rounds'], value: 6, from }];
    const reason = 'the gate that compares modes takes 7 rounds: with 6 it can never fail';
    expect(linesOf(shop(gates(1)), { settings: settings('--rounds') })).toEqual([`--rounds ${reason} (--rounds 12)`]);
    expect(linesOf(shop(gates(1)), { settings: settings('CONTEND_ROUNDS') })).toEqual([
      `CONTEND_ROUNDS ${reason} (CONTEND_ROUNDS=12)`,
    ]);
  });

  test('at the gates, where nothing set the rounds and twelve are too few', () => {
    expect(linesOf(shop(gates(41)))).toEqual([
      'shop.yaml:5:5 the 41 gates that compare modes take 13 rounds: with 12 they can never fail (rounds: 13)',
    ]);
  });

  test('unless they are of modes that are not run, or are limits', () => {
    expect(planOf(shop(gates(2), 'rounds: 3\n'), { only: ['small', 'old'] }).rounds).toBe(3);
    expect(planOf(shop(['errors(new) < 1%', 'generator'], 'rounds: 1\n')).rounds).toBe(1);
  });
});
