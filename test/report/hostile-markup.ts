import type { GateResult, Result } from '../../src/core/result/result.ts';
import { failing, violated } from './example-result.ts';

/** One gate of each verdict. */
export const gates: readonly GateResult[] = [
  {
    text: 'p99(locked) < 250ms',
    verdict: 'pass',
    actual: 216_575,
    limit: 250_000,
    unit: 'µs',
    interval: null,
    samples: 2142,
    because: '217 ms over 2,142 iterations is under the limit of 250 ms',
  },
  {
    text: 'errors(optimistic) < 0.1%',
    verdict: 'fail',
    actual: 0.00105,
    limit: 0.001,
    unit: 'share',
    interval: null,
    samples: 7628,
    because: '0.105 % over 7,628 iterations is over the limit of 0.1 %',
  },
  {
    text: 'consistency(two-locks)',
    verdict: 'undecided',
    actual: null,
    limit: null,
    unit: null,
    interval: null,
    samples: 0,
    because: 'no update was acknowledged, so nothing could go wrong',
  },
];

/** Text that every format of a report would obey if it were let: HTML, Markdown, XML, a build log, a terminal. */
export const hostileText = [
  '<script>alert(1)</script>',
  '| a | b |',
  '`code`',
  '```',
  ']]>',
  '<!-- -->',
  '&lt;b&gt;',
  '[link](javascript:alert(1))',
  '![image](http://evil.example/x.png)',
  '%0A::error::owned',
  '\n::error title=owned::owned',
  '\r\n::set-output name=x::y',
  '##[error]owned',
  '\u001b[31mred\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007',
  '\u0000\u0001\u0008\u000b\u000c\u001f\ufffe\uffff\ud800',
  '\n# heading\n---\n',
  '"quoted" \'twice\' \\| \\` $x$ *b* _i_ ~~s~~',
].join(' ');

/** A result in which everything that may come from outside is hostile, in front, in the middle and at the end of it. */
export const hostileMarkup = (): Result => {
  const [bad, failed] = [violated(), failing()];
  const modes = bad.modes.map((mode, at) => ({
    ...mode,
    name: `${hostileText} ${at}`,
    lock: hostileText,
    failuresByClass: {
      check: {
        count: 3,
        example: hostileText,
        samples: [{ step: hostileText, status: 500, headers: { [hostileText]: hostileText }, body: hostileText }],
      },
      ...failed.modes[0]!.failuresByClass,
    },
    consistency: {
      ...mode.consistency!,
      findings: (mode.consistency?.findings ?? []).map((finding) => ({ ...finding, key: hostileText })),
    },
  }));
  return {
    ...bad,
    startedAt: hostileText,
    scenario: { ...bad.scenario, name: hostileText, file: hostileText, control: modes[0]!.name },
    machine: { ...bad.machine, cpu: hostileText, kernel: hostileText },
    modes,
    comparisons: [{ ...bad.comparisons[0]!, mode: modes[1]!.name, control: modes[0]!.name }],
    gates: gates.map((gate) => ({ ...gate, text: hostileText, because: hostileText })),
    generator: { ...bad.generator, warnings: [{ code: hostileText, message: hostileText, hint: hostileText }] },
    invalid: { code: hostileText, message: hostileText, hint: hostileText },
    conclusion: hostileText,
    verdict: { is: 'fail', because: hostileText },
  };
};
