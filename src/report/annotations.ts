import type { GateResult, Result } from '../core/result/result.ts';
import { consistencyOf } from './sections/cells.ts';
import { lapsesOf } from './sections/locks.ts';
import { plain } from './plain.ts';

/**
 * What GitHub Actions shows next to a change. An error for every failed gate, for every mode whose data was wrong or whose leases
 * ran out where that is forbidden, for every mode in which more failed than completed, and for an invalid run. A warning for
 * every undecided gate, and for data that must be right and is not known to be. Each is reported once. Empty if there are none.
 */
export const annotations = (result: Result): string => {
  const isWrong = (mode: Result['modes'][number]): boolean => consistencyOf(mode)?.is === 'fail';
  const wrong = new Set(result.modes.filter(isWrong).map(({ name }) => name));
  const { invalid } = result;
  return [
    ...(invalid === undefined ||
    result.gates.some((gate) => isOfGenerator(gate) && gate.because.includes(invalid.message))
      ? []
      : [error('the run is invalid', `${invalid.message} ${invalid.hint}`)]),
    ...result.modes.flatMap((mode) => {
      const said = consistencyOf(mode);
      const lapses = lapsesOf(mode).filter(({ isAllowed }) => !isAllowed);
      const { completed, failed } = mode.iterations;
      return [
        ...(said?.is === 'fail' ? [error(`data not right: ${mode.name}`, `${mode.name}: ${said.because}`)] : []),
        ...(said?.is === 'undecided' && mode.violations === 'forbidden' && invalid === undefined
          ? [warning(`data not known: ${mode.name}`, `${mode.name}: ${said.because}`)]
          : []),
        ...(failed > completed && completed > 0
          ? [error(`more failed than completed: ${mode.name}`, `${mode.name}: ${commonestOf(mode)}`)]
          : []),
        ...lapses.map(({ because }) => error(`exclusion not kept: ${mode.name}`, `${mode.name}: ${because}`)),
      ];
    }),
    ...result.gates.flatMap((gate) => annotationOf(gate, result, wrong)),
  ].join('');
};

const isOfGenerator = ({ metric, verdict }: GateResult): boolean => metric === 'generator' && verdict === 'fail';

const isOfData = ({ metric }: GateResult): boolean => metric === 'consistency' || metric === 'lost';

/** Empty if the gate fails or is undecided because of something already reported. */
const annotationOf = (gate: GateResult, result: Result, wrong: ReadonlySet<string>): readonly string[] => {
  const { text, verdict, because, mode } = gate;
  if (isOfGenerator(gate)) return [error(`the run is invalid: ${text}`, because)];
  if (verdict === 'fail')
    return isOfData(gate) && mode !== undefined && wrong.has(mode)
      ? []
      : [error(`gate failed: ${text}`, `${text}: ${because}`)];
  if (verdict === 'pass' || isOfInvalid(because, result) || isOfUnknownData(gate, result)) return [];
  return [warning(`gate undecided: ${text}`, `${text}: ${because}`)];
};

const isOfInvalid = (because: string, { invalid }: Result): boolean =>
  invalid !== undefined &&
  (because.startsWith('the run is invalid') || because.includes(invalid.message.replace(/\.$/u, '')));

const isOfUnknownData = (gate: GateResult, { modes }: Result): boolean => {
  const mode = modes.find(({ name }) => name === gate.mode);
  return (
    isOfData(gate) && mode !== undefined && mode.violations === 'forbidden' && consistencyOf(mode)?.is === 'undecided'
  );
};

const commonestOf = ({ iterations, failuresByClass }: Result['modes'][number]): string => {
  const [first] = Object.values(failuresByClass).toSorted((one, other) => other.count - one.count);
  return `${iterations.failed} of ${iterations.begun} iterations failed${first === undefined ? '' : `: ${first.example}`}`;
};

/** Text without commands to GitHub Actions, which are lines that begin with `::` or contain `##[`. */
export const withoutCommands = (text: string): string =>
  text.replaceAll(/^(\s*):(?=:)/gmu, '$1: ').replaceAll(/##(?=\[)/gu, '# #');

const command =
  (level: 'error' | 'warning') =>
  (title: string, text: string): string =>
    `::${level} title=${property(plain(`contend: ${title}`, 200))}::${data(plain(text, 1000))}\n`;

const error = command('error');
const warning = command('warning');

const data = (text: string): string =>
  withoutCommands(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
