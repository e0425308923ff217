import { ruleWords, type Evidence } from '../../../core/result/finding.ts';
import type { Finding, ModeResult, Result } from '../../../core/result/result.ts';
import { certificateOf, isOfSum } from '../../sections/cells.ts';
import { deedOf, isCounted, msOf, whoOf } from '../../sections/certificate/operation.ts';
import { howMuch } from '../../sections/certificate/severity.ts';
import { count, many } from '../../format.ts';
import { certificate as asText } from '../../terminal/certificate.ts';
import { lanes, mostLanes } from '../lanes/lanes.ts';
import { sumLine } from '../lanes/sum.ts';
import { details, type Figure } from '../markup/figure.ts';
import { Markup, markup, said, type Part } from '../markup/markup.ts';
import { state } from '../markup/state.ts';
import { names, table } from '../markup/table.ts';

/** The most certificates shown of one mode. */
const mostOfMode = 3;
/** The most certificates of all modes together. If there are many modes, each gets fewer, but at least one. */
const mostOfAll = 24;

const evidence: { readonly [evidence in Evidence]: string } = {
  'clock-free': 'needs no clock',
  'session': 'rests on the order within each session',
  'same-host': 'rests on the one clock of a machine',
  'bounded-clocks': 'rests on the clocks of several machines, whose errors are allowed for',
};

/** A certificate and its place in the page. */
interface Shown {
  readonly id: string;
  readonly mode: ModeResult;
  readonly finding: Finding;
}

/** The certificates shown for every mode whose data was wrong: one for each kind of fault, forbidden ones first. */
const shownOf = ({ modes }: Pick<Result, 'modes'>): readonly Shown[] => {
  const wrong = modes.filter((mode) => (mode.consistency?.findings.length ?? 0) > 0);
  const most = Math.max(1, Math.min(mostOfMode, Math.floor(mostOfAll / wrong.length)));
  return wrong
    .toSorted((a, b) => Number(a.violations === 'allowed') - Number(b.violations === 'allowed'))
    .flatMap((mode) => oneOfEachRule(mode, most).map((finding) => ({ mode, finding })))
    .map((one, index) => ({ ...one, id: `c${index}` }));
};

const oneOfEachRule = (mode: ModeResult, most: number): readonly Finding[] => {
  const all = mode.consistency?.findings ?? [];
  const first = certificateOf(mode) ?? all[0];
  if (first === undefined) return [];
  const rules = new Set([first.rule]);
  const others = all.filter((one) => !rules.has(one.rule) && rules.add(one.rule) !== undefined);
  return [first, ...others].slice(0, most);
};

/** The id of each mode's first certificate. */
export const certificatePlaces = (result: Pick<Result, 'modes'>): ReadonlyMap<string, string> =>
  new Map(
    shownOf(result)
      .toReversed()
      .map(({ mode, id }) => [mode.name, id]),
  );

/** What went wrong, to be checked by hand: the operations as lanes, or the sum that does not agree, and the reasons. */
export const certificates = (result: Pick<Result, 'modes'>): Figure | undefined => {
  const shown = shownOf(result);
  if (shown.length === 0) return undefined;
  const all = result.modes.reduce((sum, { consistency }) => sum + (consistency?.findingCount ?? 0), 0);
  return {
    id: 'certificates',
    title: 'Certificates',
    question: 'What went wrong, exactly?',
    answer: `${many(all, 'finding')}${all > shown.length ? `, ${count(shown.length)} of them here; violations.ndjson lists those of result.json, one per line` : ''}.`,
    body: shown.map(one),
    reading: shown.every(({ finding }) => finding.operations.length === 0)
      ? []
      : [
          'A bar is an operation from its call to its answer. An arrow into a bar comes from the value that it read or was built on; an arrow out of it leads to the value that it wrote or received.',
        ],
  };
};

const one = ({ id, mode, finding }: Shown): Part => {
  const isAllowed = mode.violations === 'allowed';
  const key = finding.asked === undefined ? markup`, key ${said(finding.key, 60)}` : undefined;
  const text = asText(finding, { width: 100, color: false }).map((line) =>
    line.map(({ text: words }) => words).join(''),
  );
  return markup`<div class="certificate" id="${id}"><h3>${state(isAllowed ? 'allowed' : 'wrong', isAllowed ? 'violated (allowed)' : 'VIOLATED')} ${said(ruleWords(finding), 80)} in ${said(mode.name, 30)}, round ${count(finding.round)}${key}</h3>
<p>${said(howMuch(finding), 200)}. <span class="badge">${finding.evidence}: ${evidence[finding.evidence]}</span></p>
${finding.operations.length > 0 ? lanes(finding) : undefined}${isOfSum(finding) && finding.operations.length === 0 ? sumLine(finding) : undefined}
<ol>${finding.because.slice(0, 12).map((reason) => markup`<li>${said(reason, 400)}</li>`)}</ol>
${exactTimes(finding)}${details('As text', markup`<pre class="copied">${text.map((line) => [asItStands(line), newline])}</pre>`)}</div>
`;
};

/** Blanks are kept, because they place the beginnings of the bars. */
const asItStands = (line: string): Part =>
  line.split(/( +)/u).map((part) => (/^ +$/u.test(part) ? Markup.own(' '.repeat(part.length)) : part));

const newline = Markup.own('\n');

const exactTimes = (finding: Finding): Part => {
  const operations = finding.operations.slice(0, mostLanes);
  if (operations.length === 0) return undefined;
  const counted = isCounted(finding);
  return details(
    'Exact times',
    table(
      operations,
      [
        names('', ({ letter }) => letter),
        { heading: 'who', align: 'left', cell: (of) => whoOf(of) },
        { heading: 'did what', align: 'left', cell: (of) => said(deedOf(of, counted), 120) },
        { heading: 'from', align: 'right', cell: ({ call }) => `${msOf(call)} ms` },
        { heading: 'to', align: 'right', cell: ({ ret }) => (ret === null ? 'nobody knows' : `${msOf(ret)} ms`) },
      ],
      { label: 'The operations and their times since the run began' },
    ),
  );
};
