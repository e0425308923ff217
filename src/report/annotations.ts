import type { Result } from '../core/result/result.ts';
import { consistencyOf } from './sections/cells.ts';
import { lapsesOf } from './sections/locks.ts';
import { plain } from './plain.ts';

/**
 * What GitHub Actions shows beside a change: a line for every gate that failed, for every mode whose data was not right or
 * whose leases ran out where that is forbidden, and for a run that is invalid; empty where there is none of these.
 */
export const annotations = (result: Result): string =>
  [
    ...(result.invalid === undefined
      ? []
      : [error('the run is invalid', `${result.invalid.message} ${result.invalid.hint}`)]),
    ...result.modes.flatMap((mode) => {
      const said = consistencyOf(mode);
      const lapses = lapsesOf(mode).filter(({ isAllowed }) => !isAllowed);
      return [
        ...(said?.is === 'fail' ? [error(`data not right: ${mode.name}`, `${mode.name}: ${said.because}`)] : []),
        ...lapses.map(({ because }) => error(`exclusion not kept: ${mode.name}`, `${mode.name}: ${because}`)),
      ];
    }),
    ...result.gates
      .filter(({ verdict }) => verdict === 'fail')
      .map(({ text, because }) => error(`gate failed: ${text}`, `${text}: ${because}`)),
  ].join('');

/** Text in whose lines GitHub Actions finds no command, which would be one that begins with `::` or has `##[` in it. */
export const withoutCommands = (text: string): string =>
  text.replaceAll(/^(\s*):(?=:)/gmu, '$1: ').replaceAll(/##(?=\[)/gu, '# #');

const error = (title: string, text: string): string =>
  `::error title=${property(plain(`contend: ${title}`, 200))}::${data(plain(text, 1000))}\n`;

const data = (text: string): string =>
  withoutCommands(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
