import type { Result } from '../../../core/result/result.ts';
import { responseTimes } from '../chart.ts';
import { title, verdictLines } from '../heading.ts';
import type { Line } from '../layout/line.ts';
import { output } from '../output.ts';
import { runs } from '../runs.ts';
import { stages } from '../stages.ts';
import type { CertificateStyle } from '../certificate.ts';
import { agents } from './agents.ts';
import { whereTheTimeWent } from './anatomy.ts';
import { checks } from './checks.ts';
import { compared } from './compared.ts';
import { certificates, findings, lapses } from './findings.ts';
import { gates } from './gates.ts';
import { groups } from './groups.ts';
import { tags } from './tags.ts';
import { loads } from './load.ts';
import { locks } from './locks.ts';
import { modesSideBySide } from './modes.ts';
import { notes } from './notes.ts';
import { requests } from './requests.ts';
import { retries } from './retries.ts';
import { targets } from './targets.ts';
import { failures, warnings } from './troubles.ts';

/**
 * Everything: verdict and conclusion, the gates, the modes side by side and compared with the control, their response times on
 * one axis, where the time went, the locks, then what went wrong and how to read it.
 */
export const details = (result: Result, style: CertificateStyle): readonly (readonly Line[])[] => {
  const { width } = style;
  return [
    [title(result, width)],
    verdictLines(result, width, { reasons: 50, longest: 2000 }),
    output(result, width),
    gates(result, width),
    ...(result.modes.length === 0 ? [] : [...modesSideBySide(result, width), ...loads(result, width)]),
    ...stages(result, width),
    ...requests(result, width),
    ...compared(result, width),
    ...(result.baseline === undefined ? [] : runs(result.baseline, 'against the baseline', width)),
    responseTimes(result, width),
    whereTheTimeWent(result, width),
    ...groups(result, width),
    ...tags(result, width),
    ...locks(result, width),
    ...retries(result, width),
    ...agents(result, width),
    ...targets(result, width),
    ...checks(result, width),
    ...findings(result, width),
    ...certificates(result, style),
    lapses(result, width),
    failures(result, width),
    warnings(result, width),
    notes(result, width),
  ];
};
