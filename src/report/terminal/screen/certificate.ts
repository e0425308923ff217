import { ruleWords } from '../../../core/result/finding.ts';
import type { Finding, ModeResult, Result } from '../../../core/result/result.ts';
import { certificateOf } from '../../sections/cells.ts';
import { reasonOf, severityOf } from '../../sections/certificate/severity.ts';
import { count } from '../../format.ts';
import { plain, wrap } from '../../plain.ts';
import { operationLines, type CertificateStyle } from '../certificate.ts';
import { span, type Line } from '../layout/line.ts';
import { nameOf } from '../names.ts';

/** The most lines of reasons that anybody reads. */
const mostReason = 3;

/** One certificate: of a mode whose data was wrong where that is forbidden, or else of one where it is allowed. */
export const certificate = ({ modes }: Result, style: CertificateStyle): Line[] => {
  const wrong = modes.flatMap((mode) => {
    const finding = certificateOf(mode);
    return finding === undefined ? [] : [{ mode, finding }];
  });
  const one = wrong.find(({ mode }) => mode.violations === 'forbidden') ?? wrong[0];
  return one === undefined ? [] : linesOf(one.mode, one.finding, style);
};

const linesOf = (mode: ModeResult, finding: Finding, { width }: CertificateStyle): Line[] => {
  // The reason already says how many were granted of how many.
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
    ...severityOf(finding)
      .flatMap((text) => wrap(text, width - 2))
      .map((text): Line => [span(`  ${text}`, 'quiet')]),
  ];
};
