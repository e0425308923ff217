import { ruleWords, type DataFinding, type FindingOperation } from '../../core/result/finding.ts';
import { many } from '../format.ts';
import { cut, plain, widthOf, wrap } from '../plain.ts';
import { deedOf, isCounted, isOfOneOperation, msOf, whoOf } from '../sections/certificate/operation.ts';
import { howMuch } from '../sections/certificate/severity.ts';
import { type Line, span } from './layout/line.ts';

/** How a certificate is shown. */
export interface CertificateStyle {
  readonly width: number;
  /** Without colour, contend's own text is ASCII. */
  readonly color: boolean;
}

/** The most lines of one certificate. */
const mostLines = 15;
const mostBars = 40;
const leastBars = 12;

/**
 * A certificate: what is wrong with which key, the operations by letter with their times as bars on one axis, the reasons, and
 * how much is wrong. At most 15 lines, none wider than `width`.
 */
export const certificate = (finding: DataFinding, style: CertificateStyle): Line[] => {
  const { key, evidence, because } = finding;
  const ascii = (text: string): string => (style.color ? text : inAscii(text));
  const head: Line = [
    span('VIOLATED', 'bad'),
    span(`  ${ruleWords(finding)}${finding.asked === undefined ? `  key=${plain(key, 40)}` : ''}  `, 'strong'),
    span(`[${evidence}]`, 'quiet'),
  ];
  const rows = operationLines(finding, style.width).map((text): Line => [span(ascii(text))]);
  const severity: Line = [span(`  ${ascii(howMuch(finding))}`, 'quiet')];
  const reasons = because
    .filter((reason) => !isOfOneOperation(reason))
    .flatMap((reason) => wrap(plain(reason, 400), Math.max(20, style.width - 2)))
    .map((text): Line => [span(ascii(`  ${text}`))]);
  const room = mostLines - rows.length - 2;
  const told = reasons.length <= room ? reasons : [...reasons.slice(0, room - 1), [span('  ...')]];
  return [head, ...rows, ...told, severity];
};

/** A certificate as lines of plain text for a file: ASCII except for text from outside, and safe to print. */
export const certificateText = (finding: DataFinding): readonly string[] =>
  certificate(finding, { width: 100, color: false }).map((line) =>
    // Blanks are kept, because they place the beginnings of the bars.
    line
      .flatMap(({ text }) => text.split(/( +)/u))
      .map((part) => (part.startsWith(' ') ? part : plain(part, 200)))
      .join(''),
  );

const inAscii = (text: string): string =>
  text.replaceAll('µ', 'u').replaceAll('…', '...').replaceAll('–', '-').replaceAll('×', 'x').replaceAll('’', "'");

/** How much is shown of a finding's operations. */
export interface OperationsShown {
  /** The most operations; the rest are counted. */
  readonly most: number;
  /** Whether the axis is above them. */
  readonly hasAxis: boolean;
}

/** A line for each operation of a finding: its session, what it did, and its time as a bar; none wider than `width`. */
export const operationLines = (
  finding: DataFinding,
  width: number,
  { most, hasAxis }: OperationsShown = { most: 9, hasAxis: true },
): string[] => {
  const { operations } = finding;
  const shown = operations.slice(0, most);
  if (shown.length === 0) return [];
  const counted = isCounted(finding);
  const words = shown.map((one) => [`  ${one.letter}  ${whoOf(one)}  `, `${deedOf(one, counted)}  `] as const);
  const widest = (at: 0 | 1): number => Math.max(...words.map((pair) => widthOf(pair[at])));
  const room = Math.max(leastBars, Math.min(mostBars, width - widest(0) - widest(1) - 1));
  const left = Math.max(8, Math.min(widest(1), width - widest(0) - room - 1));
  const padded = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - widthOf(text)));
  const first = Math.min(...shown.map(({ call }) => call));
  const last = Math.max(...shown.map(({ call, ret }) => ret ?? call));
  const axis = `${' '.repeat(widest(0) + left)}${ruler(first, last, room)}`;
  const lines = words.map(
    ([who, what], at) =>
      `${padded(who, widest(0))}${padded(cut(what, left), left)}${bar(shown[at]!, first, last, room)}`,
  );
  const more = operations.length - shown.length;
  return [...(hasAxis ? [axis] : []), ...lines, ...(more === 0 ? [] : [`  and ${many(more, 'more operation')}`])];
};

const ruler = (first: number, last: number, columns: number): string => {
  const [from, to] = [msOf(first), `${msOf(last)} ms`];
  return from.length + to.length + 1 > columns ? to : `${from}${' '.repeat(columns - from.length - to.length)}${to}`;
};

/** `|---|` from its begin to its end; `|--->` if its end is not known. */
const bar = ({ call, ret }: FindingOperation, first: number, last: number, columns: number): string => {
  const column = (time: number): number =>
    last === first ? 0 : Math.round(((time - first) / (last - first)) * (columns - 1));
  const [from, to] = [column(call), ret === null ? columns - 1 : column(ret)];
  if (to === from) return `${' '.repeat(from)}${ret === null ? '>' : '|'}`;
  return `${' '.repeat(from)}|${'-'.repeat(to - from - 1)}${ret === null ? '>' : '|'}`;
};
