import { expect, test } from 'vitest';
import type { GateResult } from '../../src/core/result/result.ts';
import { annotations, withoutCommands } from '../../src/report/annotations.ts';
import { exampleResult, invalid, violated } from './example-result.ts';
import { gates, hostileMarkup, hostileText } from './hostile-markup.ts';

test('nothing is said of a run that passed, and an allowed violation is no error', () => {
  expect(annotations(exampleResult())).toBe('');
});

test('a gate that failed, data that was not right and an invalid run are errors, an undecided gate is a warning', () => {
  expect(annotations({ ...exampleResult(), gates })).toBe(
    '::error title=contend%3A gate failed%3A errors(optimistic) < 0.1%25::' +
      'errors(optimistic) < 0.1%25: 0.105 %25 over 7,628 iterations is over the limit of 0.1 %25\n' +
      '::warning title=contend%3A gate undecided%3A consistency(two-locks)::' +
      'consistency(two-locks): no update was acknowledged, so nothing could go wrong\n',
  );
  expect(annotations(violated())).toBe(
    '::error title=contend%3A data not right%3A lock-free::' +
      'lock-free: 60,993 to 61,020 of 85,906 acknowledged updates lost, in 6 keys\n',
  );
  expect(annotations(invalid())).toMatch(/^::error title=contend%3A the run is invalid::http:.*--target\.\n$/u);
});

/** A gate like the first of {@link gates}, with what is different. */
const gateWith = (more: Partial<GateResult>): GateResult => ({ ...gates[0]!, ...more });

test('data that was not right is told once, whatever gates ask about it', () => {
  const beside = ['consistency', 'lost'].map((metric) =>
    gateWith({ text: `${metric}(lock-free)`, metric, mode: 'lock-free', verdict: 'fail', because: 'lost' }),
  );
  expect(annotations({ ...violated(), gates: beside })).toBe(annotations({ ...violated(), gates: [] }));
  // Allowed there, and asked for all the same.
  expect(annotations({ ...exampleResult(), gates: beside.slice(0, 1) })).toContain(
    '::error title=contend%3A gate failed%3A consistency(lock-free)::',
  );
});

test('what was found against the generator is told once, and gates that it leaves undecided are not', () => {
  const message = 'the generator was 9 ms late at the 99th percentile in locked.';
  const found = gateWith({
    text: 'generator',
    metric: 'generator',
    verdict: 'fail',
    because: `${message} A lower rate.`,
  });
  const open = gateWith({ verdict: 'undecided', because: `${message.slice(0, -1)}, so this proves nothing: 217 ms` });
  const own = gateWith({ text: 'p99(two-locks) < 9ms', verdict: 'undecided', because: 'it takes 2,000 iterations' });
  const result = {
    ...exampleResult(),
    invalid: { code: 'ERR_SEND_LAG', message, hint: 'A lower rate.' },
    gates: [found, open, own],
  };
  expect(annotations(result).split('\n')).toEqual([
    `::error title=contend%3A the run is invalid%3A generator::${message} A lower rate.`,
    '::warning title=contend%3A gate undecided%3A p99(two-locks) < 9ms::p99(two-locks) < 9ms: it takes 2,000 iterations',
    '',
  ]);
});

test('more failed than completed is an error, whatever --undecided makes of it', () => {
  const result = exampleResult();
  const [mode] = result.modes;
  const failuresByClass = { check: { count: 6, example: 'read: status 500' } };
  const failing = {
    ...mode!,
    iterations: { ...mode!.iterations, begun: 10, completed: 4, failed: 6 },
    failuresByClass,
  };
  expect(annotations({ ...result, modes: [failing] })).toBe(
    '::error title=contend%3A more failed than completed%3A locked::' +
      'locked: 6 of 10 iterations failed: read: status 500\n',
  );
});

test('text from outside adds no command, no line and no property', () => {
  const lines = annotations(hostileMarkup()).trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  for (const line of lines) {
    expect(line).toMatch(/^::error title=[^:,\r\n]+::/u);
    expect(line).not.toContain('##[');
    expect(line).not.toMatch(/\p{Cc}/u);
    expect(line).not.toMatch(/%(?!25|0A|0D|3A|2C)/u);
    expect(line).not.toContain('%0A');
  }
});

test('a log without commands has no line that begins with one, and no old one anywhere', () => {
  const text = withoutCommands(`::error::a\n  ::stop-commands::b\nstd::string ::c\n${hostileText}`);
  expect(text).not.toMatch(/^\s*::/mu);
  expect(text).not.toContain('##[');
  expect(text).toContain('std::string ::c');
});
