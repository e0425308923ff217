import type { Result } from '../../../core/result/result.ts';
import { addressOf } from '../../sections/address.ts';
import { responseTimes } from '../chart.ts';
import { plain } from '../../plain.ts';
import { agentsSentence } from '../../sections/first/agents.ts';
import { cpuSentences } from '../../sections/targets.ts';
import { title, verdictLines } from '../heading.ts';
import { hanging, type Line } from '../layout/line.ts';
import { output } from '../output.ts';
import { runs } from '../runs.ts';
import { stages } from '../stages.ts';
import type { Shown } from '../style.ts';
import { address } from './address.ts';
import { certificate } from './certificate.ts';
import { gates } from './gates.ts';
import { modesInOneTable } from './modes.ts';
import { failed } from './failed.ts';
import { notes } from './notes.ts';
import { requests } from './requests.ts';

/**
 * One screen: verdict and reason, one table, the histograms, one certificate, what failed, and what else can be shown. At most 40
 * lines for four modes at 80 columns.
 */
export const screen = (result: Result, style: Shown): readonly (readonly Line[])[] => {
  const { width, folder } = style;
  const only = addressOf(result);
  if (only !== undefined) return address(result, only, style);
  return [
    [title(result, width)],
    verdictLines(result, width, { reasons: 4, longest: 320 }),
    output(result, width),
    ...(result.modes.length === 0 ? [] : modesInOneTable(result, width)),
    ...stages(result, width),
    cpuSentences(result).flatMap((sentence) => hanging([], plain(sentence, 200), width)),
    agentsSentence(result).flatMap((sentence) => hanging([], plain(sentence, 200), width)),
    gates(result, width),
    ...(result.baseline === undefined ? [] : runs(result.baseline, 'against the baseline', width)),
    responseTimes(result, width),
    certificate(result, style),
    failed(result, width),
    requests(result, width),
    notes(result, width),
    folder === undefined ? [] : hanging([], `result.json and the other files are in ${folder}.`, width, 'quiet'),
  ];
};
