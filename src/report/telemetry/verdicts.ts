import type { ConsistencyVerdict } from '../../core/result/finding.ts';
import type { Result } from '../../core/result/result.ts';
import type { Verdict } from '../../core/result/verdict.ts';
import { plain } from '../plain.ts';
import type { Gauge, Point } from './instrument.ts';

/** The verdicts of the run, its gates and its data: a point for each possible verdict, 1 for the actual one, otherwise 0. */
export const verdictsOf = ({ verdict, exitCode, gates, modes }: Result): readonly Gauge[] => [
  gauge('contend.run.verdict', 'The outcome of the run.', states({}, verdicts, verdict.is)),
  gauge('contend.run.exit_code', 'The exit code of the run, a setting of --undecided included.', [
    { attributes: {}, value: exitCode },
  ]),
  gauge(
    'contend.gate.verdict',
    'The outcome of a gate.',
    gates.flatMap((gate, at) => states({ gate: plain(gate.text, longest), position: at }, verdicts, gate.verdict)),
  ),
  gauge(
    'contend.consistency',
    'Whether the data was right.',
    modes.flatMap(({ name, consistency }) =>
      consistency === null ? [] : states({ mode: plain(name, longest) }, consistencies, consistency.verdict),
    ),
  ),
];

const longest = 200;

const verdicts: readonly Verdict['is'][] = ['pass', 'fail', 'undecided'];

const consistencies: readonly ConsistencyVerdict[] = [
  'consistent',
  'no-violation-found',
  'not-exercised',
  'unknown',
  'violated',
];

/** A gauge without a unit: neither a share nor an amount. */
const gauge = (name: string, help: string, points: readonly Point<number>[]): Gauge => ({
  kind: 'gauge',
  name,
  help,
  unit: '',
  points,
});

const states = <State extends string>(
  attributes: Point<number>['attributes'],
  all: readonly State[],
  is: State,
): readonly Point<number>[] =>
  all.map((state) => ({ attributes: { ...attributes, verdict: state }, value: state === is ? 1 : 0 }));
