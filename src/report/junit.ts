import XMLBuilder from 'fast-xml-builder';
import type { File } from '../core/file.ts';
import type { GateResult, ModeResult, Result } from '../core/result/result.ts';
import { isUnnamed } from '../core/result/unnamed.ts';
import { certificateOf, consistencyOf } from './sections/cells.ts';
import { lapsesOf } from './sections/locks.ts';
import { outcomesOf } from './sections/requests.ts';
import { count } from './format.ts';
import { plain } from './plain.ts';
import { certificateText } from './terminal/certificate.ts';

/**
 * `junit.xml`, as Jenkins, GitLab and others read it: a test case for every gate, for every mode's consistency, and for every
 * lock whose leases ran out while held.
 *
 * Undecided cases and allowed violations are skipped, with the reason. A problem of the generator is an error. A run that is
 * invalid or undecided has a case of its own, so that a run that did not pass never has a file without a failure. So has a run
 * without gates or consistency. The text of wrong data is a certificate, below the reason. The first suite has every mode's
 * requests, statuses and bytes as properties.
 */
export const junit = (result: Result): readonly [File] => {
  const { scenario, startedAt, tookUs } = result;
  return junitOf(
    { name: scenario.name, startedAt, tookUs },
    {
      gates: result.gates.map(gateCase),
      consistency: result.modes.flatMap((mode) =>
        consistencyCase(mode, isUnnamed(result.modes) ? scenario.name : mode.name),
      ),
      locks: result.modes.flatMap(lapseCases),
      run: runCase(result),
    },
    'run',
    propertiesOf(result),
  );
};

/** What a document is about, when it began and how long it took. */
interface Of {
  readonly name: string;
  readonly startedAt: string;
  readonly tookUs: number | undefined;
}

/**
 * `junit.xml` from suites of cases; suites without cases are left out.
 *
 * @param whole the name for all of it: the suite that exists even if nothing was asked for
 * @param properties attached to the first suite
 */
export const junitOf = (
  of: Of,
  suites: { readonly [suite: string]: readonly Case[] },
  whole: string,
  properties: object = {},
): readonly [File] => {
  const name = plain(of.name, longestName);
  const asked = Object.entries(suites)
    .filter(([, cases]) => cases.length > 0)
    .map(([word, cases]) => suite(`${name}.${word}`, of, cases));
  const all = asked.length > 0 ? asked : [suite(`${name}.${whole}`, of, [{ name: whole }])];
  const [first, ...others] = all;
  const document = {
    '?xml': { '@': { version: '1.0', encoding: 'UTF-8' } },
    'testsuites': {
      '@': { name: 'contend', ...timeOf(of), ...sums(all.map((one) => one['@'])) },
      'testsuite': [{ '@': first!['@'], ...properties, 'testcase': first!.testcase }, ...others],
    },
  };
  return [{ name: 'junit.xml', text: builder.build(document) }];
};

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributesGroupName: '@',
  attributeNamePrefix: '',
  suppressBooleanAttributes: false,
  suppressEmptyNode: true,
  format: true,
});

/** Plain text contains no character that XML 1.0 forbids; the builder escapes the rest. */
const longestName = 200;
const longestText = 2000;

/** How a case ended if it did not pass. */
interface Outcome {
  readonly is: 'failure' | 'skipped' | 'error';
  readonly type: string;
  readonly because: string;
  /** The proof, in lines that are safe to print. It follows the reason, which is also the message. */
  readonly proof?: readonly string[];
}

/** A test case, and how it ended. */
export interface Case {
  readonly name: string;
  /** What was found, for a case that passed. */
  readonly found?: string;
  readonly outcome?: Outcome;
}

const gateCase = (gate: GateResult): Case => {
  const { text, verdict, because, unit } = gate;
  // By how much a mode is better is worth reading even if the gate passed.
  if (verdict === 'pass') return unit === 'ratio' ? { name: text, found: because } : { name: text };
  if (verdict === 'undecided') return { name: text, outcome: { is: 'skipped', type: 'gate', because } };
  // A problem of contend itself is not a failure of the target.
  const isOwn = gate.metric === 'generator';
  return { name: text, outcome: { is: isOwn ? 'error' : 'failure', type: isOwn ? 'generator' : 'gate', because } };
};

const consistencyCase = (mode: ModeResult, name: string): readonly Case[] => {
  const said = consistencyOf(mode);
  if (said === undefined) return [];
  if (said.is === 'pass') return [{ name }];
  if (said.is === 'fail')
    return [{ name, outcome: { is: 'failure', type: 'consistency', because: said.because, proof: proofOf(mode) } }];
  const because = said.is === 'allowed' ? `allowed: ${said.because}` : said.because;
  return [{ name, outcome: { is: 'skipped', type: 'consistency', because } }];
};

/** One certificate, as in summary.md; empty if the document has none. */
const proofOf = (mode: ModeResult): readonly string[] => {
  const finding = certificateOf(mode);
  return finding === undefined ? [] : [`round ${count(finding.round)}:`, ...certificateText(finding)];
};

const lapseCases = (mode: ModeResult): readonly Case[] =>
  lapsesOf(mode).map(({ isAllowed, because }) => ({
    name: mode.name,
    outcome: isAllowed
      ? { is: 'skipped', type: 'lock', because: `allowed: ${because}` }
      : { is: 'failure', type: 'lock', because },
  }));

const runCase = ({ invalid, verdict }: Result): readonly Case[] => {
  if (invalid !== undefined) {
    const because = [invalid.message, invalid.hint, ...(invalid.output ?? [])].join(' ');
    return [{ name: 'run', outcome: { is: 'error', type: invalid.code, because } }];
  }
  return verdict.is === 'undecided'
    ? [{ name: 'run', outcome: { is: 'skipped', type: 'run', because: verdict.because } }]
    : [];
};

/** In seconds. */
const timeOf = ({ tookUs }: Of) => (tookUs === undefined ? {} : { time: (tookUs / 1e6).toFixed(3) });

/** What no case says: the requests of each mode, their statuses and the bytes received. */
const propertiesOf = ({ modes }: Result) => {
  const property = modes.map(({ name, requests }) => {
    const outcomes = outcomesOf(requests).map(([outcome, number]) => `${outcome}: ${number}`);
    const received = requests.bytes === undefined ? [] : [`bytes: ${requests.bytes}`];
    const value = [`total: ${requests.total}`, ...outcomes, ...received].join(', ');
    return {
      '@': {
        name: plain(isUnnamed(modes) ? 'requests' : `requests of ${name}`, longestName),
        value: plain(value, longestText),
      },
    };
  });
  return property.length === 0 ? {} : { properties: { property } };
};

const suite = (name: string, { startedAt }: Of, cases: readonly Case[]) => {
  const number = (is: Outcome['is']): number => cases.filter(({ outcome }) => outcome?.is === is).length;
  return {
    '@': {
      name,
      tests: cases.length,
      failures: number('failure'),
      errors: number('error'),
      skipped: number('skipped'),
      timestamp: plain(startedAt, longestName),
    },
    'testcase': cases.map((one) => ({
      '@': { name: plain(one.name, longestName), classname: name },
      ...(one.outcome === undefined ? {} : { [one.outcome.is]: told(one.outcome) }),
      ...(one.found === undefined ? {} : { 'system-out': plain(one.found, longestText) }),
    })),
  };
};

const told = ({ type, because, proof = [] }: Outcome) => {
  const message = plain(because, longestText);
  const text = proof.length === 0 ? message : [message, '', ...proof].join('\n');
  return { '@': { type: plain(type, longestName), message }, '#text': text };
};

const sums = (suites: readonly { readonly tests: number; readonly failures: number; readonly errors: number }[]) => ({
  tests: suites.reduce((sum, { tests }) => sum + tests, 0),
  failures: suites.reduce((sum, { failures }) => sum + failures, 0),
  errors: suites.reduce((sum, { errors }) => sum + errors, 0),
});
