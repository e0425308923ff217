import { describe, expect, test } from 'vitest';
import { linesOf, planOf, textOf } from '../reading.ts';

const shop = (...gates: readonly string[]): string => `target: http://x
data: { product: 1..9 }
steps: [{ name: read, get: /, tags: page }, { name: write, put: /, tags: [page, checkout] }, { get: /a(b)/c }]
modes: { locked: mutex, lock-free: none, small: { steps: { write: null } } }
gates:
${gates.map((gate) => `  - ${gate}\n`).join('')}`;

const judged = (...gates: readonly string[]): string =>
  `${shop(...gates)}consistency: { counter: { key: "\${product}", add: { step: read, by: -1 }, read: { get: "/\${key}", value: body } } }\n`;

const gatesOf = (text: string) => planOf(text).gates;

describe('a gate that can be read', () => {
  test.each<[text: string, gate: object]>([
    ['p99(locked) < 50ms', { metric: 'p99', mode: 'locked', op: '<', limit: 50_000 }],
    ['p99.9(lock-free) <= 1.5s', { metric: 'p99.9', mode: 'lock-free', op: '<=', limit: 1_500_000 }],
    ['p50(locked)<800us', { metric: 'p50', mode: 'locked', op: '<', limit: 800 }],
    ['mean( locked ) < 5 ms', { metric: 'mean', mode: 'locked', op: '<', limit: 5000 }],
    ['errors(locked) < 0.1%', { metric: 'errors', mode: 'locked', op: '<', limit: 0.001 }],
    ['errors(locked) < 0.7 %', { metric: 'errors', mode: 'locked', op: '<', limit: 0.007 }],
    ['errors(locked) == 0', { metric: 'errors', mode: 'locked', op: '==', limit: 0 }],
    ['throughput(locked) >= 2000', { metric: 'throughput', mode: 'locked', op: '>=', limit: 2000 }],
    ['throughput(locked) > 0.5/s', { metric: 'throughput', mode: 'locked', op: '>', limit: 0.5 }],
    ['lost(lock-free) == 0', { metric: 'lost', mode: 'lock-free', op: '==', limit: 0 }],
    ['consistency(lock-free)', { metric: 'consistency', mode: 'lock-free' }],
    ['p95(locked/write) < 5ms', { metric: 'p95', mode: 'locked', step: 'write', op: '<', limit: 5000 }],
    ['service.p99(locked/write) < 5ms', { metric: 'service.p99', mode: 'locked', step: 'write', op: '<', limit: 5000 }],
    ['p90(locked/GET /a(b)/c) < 5ms', { metric: 'p90', mode: 'locked', step: 'GET /a(b)/c', op: '<', limit: 5000 }],
    ['p99(locked/tag:checkout) < 5ms', { metric: 'p99', mode: 'locked', step: 'tag:checkout', op: '<', limit: 5000 }],
    ['"p99( locked / tag : page )<5ms"', { metric: 'p99', mode: 'locked', step: 'tag:page', op: '<', limit: 5000 }],
    ['p99(locked/tag: page) < 5ms', { metric: 'p99', mode: 'locked', step: 'tag:page', op: '<', limit: 5000 }],
    ['generator', { metric: 'generator' }],
    ['generator( locked )', { metric: 'generator', mode: 'locked' }],
    ['lockWait.p50(locked) < 1m', { metric: 'lockWait.p50', mode: 'locked', op: '<', limit: 60_000_000 }],
  ])('%s', (text, gate) => {
    expect(gatesOf(judged(text))).toStrictEqual([{ text: text.replaceAll('"', ''), ...gate }]);
  });

  test('stands in the plan in the order of the file, those of --gate last', () => {
    const plan = planOf(shop('p50(locked) < 5ms', 'errors(locked) < 1%'), { gates: ['throughput(locked) > 9'] });
    expect(plan.gates.map(({ text }) => text)).toEqual([
      'p50(locked) < 5ms',
      'errors(locked) < 1%',
      'throughput(locked) > 9',
    ]);
    expect(planOf('target: http://x\nsteps: [{ get: / }]', { gates: ['errors(lock-free) < 1%'] }).gates).toHaveLength(
      1,
    );
  });

  test('need not name the only mode that there is', () => {
    const text = 'target: http://x\nsteps: [{ get: / }]';
    const [p99, errors] = planOf(text, { gates: ['p99 < 50ms', 'errors<1%'] }).gates;
    expect(p99).toMatchObject({ metric: 'p99', mode: 'lock-free', limit: 50_000 });
    expect(errors).toMatchObject({ metric: 'errors', mode: 'lock-free', limit: 0.01 });
  });

  test('is left out where its mode is not run', () => {
    const text = shop('p50(locked) < 5ms', 'p50(lock-free) < 5ms');
    expect(planOf(text, { only: ['lock-free'] }).gates).toMatchObject([{ mode: 'lock-free' }]);
  });
});

describe('a gate that cannot be read is told with its place', () => {
  test.each<[text: string, ...problems: string[]]>([
    ['p98(locked) < 50ms', '5 unknown metric "p98" (did you mean "p90"?)'],
    [
      'speed(locked) < 5',
      '5 unknown metric "speed" (there are throughput, mean, p50, p90, p95, p99, p99.9 (also as service.p99 and lockWait.p99), errors, lost, consistency, generator, target.cpu, target.memory)',
    ],
    [
      'service.max(locked/read) < 5ms',
      '5 the maximum is never gated: it is one sample (take a percentile, such as p99.9)',
    ],
    ['through(locked) < 5', '5 unknown metric "through" (did you mean "throughput"?)'],
    ['max(locked) < 50ms', '5 the maximum is never gated: it is one sample (take a percentile, such as p99.9)'],
    ['p99(lokced) < 50ms', '9 no mode is called "lokced" (did you mean "locked"?)'],
    ['p99() < 50ms', '9 no mode is named (the modes are "locked", "lock-free", "small")'],
    ['p99(locked/wirte) < 50ms', '16 no step is called "wirte" (did you mean "write"?)'],
    ['p99(small/write) < 50ms', '15 no step is called "write" (the steps of "small" are "read", "GET /a(b)/c")'],
    ['p99(locked/tag:chekout) < 50ms', '16 no step has the tag "chekout" (did you mean "checkout"?)'],
    ['p99(small/tag:checkout) < 50ms', '15 no step has the tag "checkout" (the tags are "page")'],
    ['p99(locked/tag: nobody) < 50ms', '16 no step has the tag "nobody" (the tags are "page", "checkout")'],
    ['errors(locked/tag:page) < 1%', '19 errors belongs to a whole mode, not to a tag (errors(locked))'],
    ['p99(tag:checkout) < 50ms', '5 "p99" of which mode? (name it: p99(locked/tag:checkout))'],
    ['p99(tag: checkout) < 50ms', '5 "p99" of which mode? (name it: p99(locked/tag:checkout))'],
    ['errors(locked/write) < 1%', '19 errors belongs to a whole mode, not to a step (errors(locked))'],
    ['p99(locked) < 50', '19 a time needs a unit: 50ms or 50us (such as 50ms or 800us)'],
    ['p99(locked) < 50%', '19 wrong unit "%": a time has us, ms, s, m or h (such as 50ms or 800us)'],
    ['p99(locked) < fast', '19 expected a time, got "fast" (such as 50ms or 800us)'],
    ['errors(locked) < 0.001', '22 a share needs a unit: 0.001% (such as 0.1%)'],
    ['errors(locked) < 101%', '22 a share is at most 100% (such as 0.1%)'],
    ['throughput(locked) > 5ms', '26 wrong unit "ms": a rate has /s (such as 2000 or 2000/s)'],
    ['throughput(locked) > -5', '26 expected a rate, got "-5" (such as 2000 or 2000/s)'],
    ['p99(locked) = 50ms', '17 unknown operator "=" (did you mean "=="?)'],
    ['p99(locked) => 50ms', '17 unknown operator "=>" (did you mean ">="?)'],
    ['p99(locked) != 50ms', '17 unknown operator "!=" (one of <, <=, >, >=, ==)'],
    ['p99(locked) 50ms', '17 expected an operator (one of <, <=, >, >=, ==)'],
    ['p99(locked) == 50ms', '17 a measured time never equals a limit (use <, <=, > or >=)'],
    ['p99(locked)', '16 a limit is missing: p99 is compared with one (such as < 50ms)'],
    ['p99(locked) <', '18 a limit is missing (such as 50ms or 800us)'],
    ['p99(locked) < 0', '19 this can never hold, whatever is measured (such as 50ms or 800us)'],
    ['throughput(locked) >= 0', '27 this always holds, whatever is measured (such as 2000 or 2000/s)'],
    ['p99 < 50ms', '5 "p99" of which mode? (name it: p99(locked))'],
    ['p99(locked < 50ms', '8 this "(" is never closed (such as p99(locked) < 50ms)'],
    ['50ms > p99(locked)', '5 a gate begins with a metric (such as p99(locked) < 50ms)'],
    ['p99(locked) < 2 * p99', '23 "p99" of which mode? (name it: p99(locked))'],
    ['generatr', '5 "generatr" of which mode? (did you mean "generator"?)'],
    ['generator(lokced)', '15 no mode is called "lokced" (did you mean "locked"?)'],
    [
      'generator(locked) < 1',
      '23 generator takes no limit: it kept up or it did not (write it alone, generator, or with a mode: generator(locked))',
    ],
    [
      'generator < 80%',
      '15 generator takes no limit: it kept up or it did not (write it alone, generator, or with a mode: generator(locked))',
    ],
    [
      'lost(locked) == 0',
      '5 lost can never be evaluated: the scenario has no "consistency" section (add one, or leave the gate out)',
    ],
    [
      'consistency(locked)',
      '5 consistency can never be evaluated: the scenario has no "consistency" section (add one, or leave the gate out)',
    ],
    [
      'lockWait.p50(lock-free) < 1ms',
      '5 lockWait.p50 can never be evaluated: this mode has no lock to wait for (take a mode with a lock)',
    ],
    [
      'p98(lokced) < 5',
      '5 unknown metric "p98" (did you mean "p90"?)',
      '9 no mode is called "lokced" (did you mean "locked"?)',
    ],
    ['5', '5 expected a gate, got the number 5 (such as p99(locked) < 50ms)'],
  ])('%s', (text, ...problems) => {
    const placed = problems.map((problem) => `shop.yaml:6:${problem}`);
    expect(linesOf(shop(text))).toEqual(placed);
  });

  test('consistency takes no limit', () => {
    expect(linesOf(judged('consistency(locked) == 0'))).toEqual([
      'shop.yaml:6:25 consistency takes no limit: it holds or it does not (consistency(locked))',
    ]);
  });

  test('inside quotes, too; where the file writes it with escapes, at the gate', () => {
    expect(linesOf(shop('"p99(lokced) < 5ms"'))[0]).toMatch(/^shop\.yaml:6:10 /u);
    expect(linesOf(shop('"p99(lokced) \\x3c 5ms"'))[0]).toMatch(/^shop\.yaml:6:5 /u);
  });

  test('with the line and a caret', () => {
    expect(textOf(shop('p99(locked) < 50'))).toMatchInlineSnapshot(`
      "shop.yaml:6:19  a time needs a unit: 50ms or 50us
              - p99(locked) < 50
                              ^
          such as 50ms or 800us

      1 problem in shop.yaml; nothing was sent.
      "
    `);
  });

  test('at the flag that brought it, with its text', () => {
    const gates = ['p98(locked) < 5ms', 'p99(locked) < 5'];
    expect(linesOf(shop('p50(locked) < 5ms'), { gates })).toEqual([
      '--gate unknown metric "p98" (in "p98(locked) < 5ms") (did you mean "p90"?)',
      '--gate a time needs a unit: 5ms or 5us (in "p99(locked) < 5") (such as 50ms or 800us)',
    ]);
  });

  test('in a mode that is not run, too', () => {
    expect(linesOf(shop('p99(locked/wirte) < 5ms'), { only: ['lock-free'] })).toHaveLength(1);
  });

  test('in a mode: gates are the same for all', () => {
    expect(linesOf('target: http://x\nsteps: [{ get: / }]\nmodes: { a: { gates: [] } }')).toEqual([
      'shop.yaml:3:15 unknown key "gates" (it is the same for all modes: move it to the top)',
    ]);
  });
});

test('gates that are no list are a problem, whatever --gate adds', () => {
  const text = 'target: http://x\nsteps: [{ get: / }]\ngates: p99(lock-free) < 5ms\n';
  const line = 'shop.yaml:3:8 expected a list, got text "p99(lock-free) < 5ms"';
  expect(linesOf(text)).toEqual([line]);
  expect(linesOf(text, { gates: ['p99(lock-free) < 5ms'] })).toEqual([line]);
});

describe('a gate may be a map', () => {
  test('which says that a run is stopped once it is lost', () => {
    const gates = gatesOf(
      judged(
        '{ gate: p99(locked) < 50ms, abort: true }',
        '{ gate: consistency(locked), abort: true }',
        '{ gate: errors(locked) < 1%, abort: false }',
        '{ gate: generator }',
        '{ gate: throughput(locked) > throughput(lock-free), abort: true }',
      ),
    );
    const [limit, right, errors, generator, relative] = gates;
    expect([limit, right, relative]).toMatchObject([{ abort: true }, { abort: true }, { abort: true }]);
    expect([errors, generator].some((gate) => gate !== undefined && 'abort' in gate)).toBe(false);
  });

  test.each<[gate: string, problem: string]>([
    ['{ gate: p98(locked) < 50ms }', '13 unknown metric "p98" (did you mean "p90"?)'],
    ['{ gate: p99(locked) < 5ms, abrt: true }', '32 unknown key "abrt" (did you mean "abort"?)'],
    ['{ abort: true }', '5 "gate" is missing'],
    ['{ gate: p99(locked) < 5ms, abort: yes }', '39 expected true or false, got text "yes"'],
    ['{ gate: 5 }', '13 expected a gate, got the number 5 (such as p99(locked) < 50ms)'],
    [
      '{ gate: generator, abort: true }',
      '31 the generator is judged over the whole run: it cannot abort it (leave "abort" out; any other gate may have it)',
    ],
  ])('%s is told with its place where it cannot be one', (text, problem) => {
    expect(linesOf(shop(text))).toEqual([`shop.yaml:6:${problem}`]);
  });
});
