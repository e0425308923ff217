import { ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { isAnsweredRead } from './chains.ts';
import type { Certificate, Findings } from '../findings.ts';
import { deed, letters, spanWord, valueWord } from '../words.ts';

const read = operations.indexOf('read');

/** The rows, with each write whose answer told no version followed by a read that did. */
const withWitnesses = (history: History, rows: Uint32Array, of: readonly number[]): readonly number[] => [
  ...new Set(
    of.flatMap((row) => {
      if (history.status[row] === ok && !Number.isNaN(history.version[row]!)) return [row];
      const witness = rows.find(
        (other) =>
          isAnsweredRead(history, other) &&
          history.value[other] === history.value[row] &&
          !Number.isNaN(history.version[other]!),
      );
      return witness === undefined ? [row] : [row, witness];
    }),
  ),
];

const because = (history: History, rows: readonly number[], last: string): readonly string[] => [
  ...rows.map((row) => `${letters(rows)(row)} ${deed(history, row)}`),
  last,
];

/** Adds to a certificate, for each write whose answer told no version, a read that did. */
export const withTellers =
  (history: History, rows: Uint32Array) =>
  ({ operations, because }: Certificate): Certificate => {
    const all = withWitnesses(history, rows, operations);
    const added = all.filter((row) => !operations.includes(row));
    const whole = [...operations, ...added];
    return {
      operations: whole,
      because: [...because, ...added.map((row) => `${letters(whole)(row)} ${deed(history, row)}`)],
    };
  };

/** Reports that `early`, with a version at least as high as that of `late`, had ended before `late` began. */
export const certifyOrder = (
  history: History,
  rows: Uint32Array,
  findings: Findings,
  late: number,
  early: number,
): void => {
  const [lateReads, earlyReads] = [history.f[late] === read, history.f[early] === read];
  const isOwn = !lateReads && earlyReads && history.version[late] === history.version[early];
  findings.add(
    isOwn ? 'read-from-the-future' : lateReads ? 'stale-read' : 'real-time-order',
    'same-host',
    false,
    () => {
      const certificate = withWitnesses(history, rows, [early, late]);
      const [a, b] = [early, late].map(letters(certificate)) as [string, string];
      const after = spanWord(history.call[late]! - history.ret[early]!);
      return {
        operations: certificate,
        because: because(
          history,
          certificate,
          `by the versions ${b} came before ${a}, yet ${a} had ended ${after} before ${b} began`,
        ),
      };
    },
  );
};

/** Reports two writes that made one version. */
export const certifyFork = (
  history: History,
  rows: Uint32Array,
  findings: Findings,
  one: number,
  other: number,
): void =>
  findings.add('forked-version', 'clock-free', true, () => {
    const certificate = withWitnesses(history, rows, [one, other]);
    const version = valueWord(history, history.version[one]!);
    return {
      operations: certificate,
      because: because(history, certificate, `both made version ${version}; a version is made once`),
    };
  });

/** Reports a compare-and-swap on a version that had already been followed by another one, lower than the one it made. */
export const certifyGap = (
  history: History,
  rows: Uint32Array,
  findings: Findings,
  between: number,
  swap: number,
): void =>
  findings.add('lost-update', 'clock-free', true, () => {
    const certificate = withWitnesses(history, rows, [between, swap]);
    const [a, b] = [between, swap].map(letters(certificate)) as [string, string];
    const operand = valueWord(history, history.operand[swap]!);
    return {
      operations: certificate,
      because: because(
        history,
        certificate,
        `${b} was built on version ${operand}, but the version of ${a} lies between that and the one that ${b} made, and was overwritten unseen`,
      ),
    };
  });

/** Reports a compare-and-swap whose new version is no higher than the one it was built on. */
export const certifyNotRaised = (history: History, rows: Uint32Array, findings: Findings, swap: number): void =>
  findings.add('version-not-raised', 'clock-free', true, () => {
    const certificate = withWitnesses(history, rows, [swap]);
    const operand = valueWord(history, history.operand[swap]!);
    return {
      operations: certificate,
      because: because(history, certificate, `it was built on version ${operand}, and a write raises the version`),
    };
  });

/** Reports two contents of one version. */
export const certifyTwoContents = (
  history: History,
  rows: Uint32Array,
  findings: Findings,
  one: number,
  other: number,
): void =>
  findings.add('two-contents-of-one-version', 'clock-free', true, () => {
    const certificate = withWitnesses(history, rows, [one, other]);
    return { operations: certificate, because: because(history, certificate, 'one version has one content') };
  });

/** Reports a read of something that was written only under other versions; `lowest` shows that there was an older one. */
export const certifyTwoVersions = (
  history: History,
  rows: Uint32Array,
  findings: Findings,
  makers: readonly number[],
  reader: number,
  lowest: number,
): void =>
  findings.add('two-versions-of-one-write', 'clock-free', true, () => {
    const isOne = makers.length === 1 && history.version[lowest] === history.version[reader];
    const shown = isOne ? [...makers, reader] : [...new Set([...makers, reader, lowest])];
    const certificate = withWitnesses(history, rows, shown);
    const reason = 'it was written once, so that it has one version';
    const others = 'each that wrote it made another version, and what was there at first had an older one';
    return { operations: certificate, because: because(history, certificate, makers.length === 1 ? reason : others) };
  });

/** Reports that the last read found something other than the highest version; `writer` wrote what it found, at a lower version. */
export const certifyLostWrite = (
  history: History,
  rows: Uint32Array,
  findings: Findings,
  highest: number,
  final: number,
  writer: number | undefined,
): void =>
  findings.add('lost-write', 'clock-free', false, () => {
    const certificate = withWitnesses(history, rows, writer === undefined ? [highest] : [highest, writer]);
    return {
      operations: certificate,
      because: because(
        history,
        certificate,
        `no version is higher than that of A, yet the last read, after everything, found ${valueWord(history, final)}`,
      ),
    };
  });
