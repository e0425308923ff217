import { expect, test } from 'vitest';
import { annotations, withoutCommands } from '../../src/report/annotations.ts';
import { exampleResult, invalid, violated } from './example-result.ts';
import { gates, hostileMarkup, hostileText } from './hostile-markup.ts';

test('nothing is said of a run that passed, and an allowed violation is no error', () => {
  expect(annotations(exampleResult())).toBe('');
});

test('a gate that failed, data that was not right and an invalid run are errors, and nothing else is', () => {
  expect(annotations({ ...exampleResult(), gates })).toBe(
    '::error title=contend%3A gate failed%3A errors(optimistic) < 0.1%25::' +
      'errors(optimistic) < 0.1%25: 0.105 %25 over 7,628 iterations is over the limit of 0.1 %25\n',
  );
  expect(annotations(violated())).toBe(
    '::error title=contend%3A data not right%3A lock-free::' +
      'lock-free: [60,993, 61,020] of 85,906 acknowledged updates lost, in 6 keys\n',
  );
  expect(annotations(invalid())).toMatch(/^::error title=contend%3A the run is invalid::http:.*--target\.\n$/u);
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
