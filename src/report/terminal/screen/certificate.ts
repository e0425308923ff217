import { ruleWords, type DataFinding } from '../../../core/result/finding.ts';
import type { Finding, ModeResult, Result } from '../../../core/result/result.ts';
import { certificateOf } from '../../sections/cells.ts';
import { count, exact, many } from '../../format.ts';
import { plain, wrap } from '../../plain.ts';
import { operationLines, type CertificateStyle } from '../certificate.ts';
import { span, type Line } from '../layout/line.ts';
import { nameOf } from '../names.ts';

/** As much of the reasons as is read. */
const mostReason = 3;

/** One certificate: of a mode whose data was wrong and must not be or, where there is none, of one that may. */
export const certificate = ({ modes }: Result, style: CertificateStyle): Line[] => {
  const wrong = modes.flatMap((mode) => {
    const finding = certificateOf(mode);
    return finding === undefined ? [] : [{ mode, finding }];
  });
  const one = wrong.find(({ mode }) => mode.violations === 'forbidden') ?? wrong[0];
  return one === undefined ? [] : linesOf(one.mode, one.finding, style);
};

const linesOf = (mode: ModeResult, finding: Finding, { width }: CertificateStyle): Line[] => {
  // How many were granted of how many, the reason says.
  const { sold: _, ...broken } = finding;
  const key = finding.asked === undefined ? `, key ${plain(finding.key, 40)}` : '';
  const label = `${ruleWords(broken)} in ${nameOf(mode.name, width)}, round ${count(finding.round)}${key}`;
  const reasons = wrap(`${label}: ${plain(reasonOf(finding), 400)}`, width);
  const told =
    reasons.length <= mostReason
      ? reasons
      : [...reasons.slice(0, mostReason - 1), `${reasons[mostReason - 1]!.slice(0, width - 2)} …`];
  return [
    ...told.map((text): Line => [span(text)]),
    ...operationLines(finding, width, { most: 4, hasAxis: false }).map((text): Line => [span(text)]),
    ...severity(finding)
      .flatMap((text) => wrap(text, width - 2))
      .map((text): Line => [span(`  ${text}`, 'quiet')]),
  ];
};

/** What the operations' own lines do not say. */
const reasonOf = ({ because, operations }: DataFinding): string =>
  operations.length === 0
    ? because.join(' ')
    : (because.find((reason) => !isOfOneOperation(reason)) ?? because.join(' '));

const isOfOneOperation = (reason: string): boolean =>
  /^[A-Z] (?:of session \S+ )?(?:wrote|read|replaced) [^,:;]*$/u.test(reason);

/** How much is wrong with the key, of all that was acknowledged there; nothing where the reason has said it. */
const severity = ({ rule, key, atLeast, sold, asked, acknowledged }: Finding): readonly string[] => {
  if (asked !== undefined) return [`broken in ${count(asked.broken)} of ${many(asked.of, 'answer')}`];
  if (sold !== undefined) return [];
  const where = `key ${plain(key, 40)}`;
  const what = { 'lost-update': 'are gone', 'told-twice': 'were told what another was' }[rule];
  if (what === undefined || acknowledged === undefined || acknowledged < atLeast)
    return [`in ${where}, ${exact(atLeast)} or more`];
  const all = many(acknowledged, 'acknowledged update');
  return [
    `of ${where}, ${exact(atLeast)} of ${all} ${atLeast === 1 ? what.replace(/^are/u, 'is').replace(/^were/u, 'was') : what}`,
  ];
};
