import { invariantName } from '../../core/plan/plan.ts';
import type { ConsistencyVerdict, VerifiedHistory } from '../../core/result/finding.ts';
import { count, many } from '../format.ts';
import { plain } from '../plain.ts';
import { certificate } from './certificate.ts';
import { hanging, type Line, render, span, type Tone } from './layout/line.ts';
import type { Style } from './style.ts';

const tones: { readonly [verdict in ConsistencyVerdict]: Tone } = {
  'violated': 'bad',
  'unknown': 'doubt',
  'not-exercised': 'doubt',
  'no-violation-found': 'good',
  'consistent': 'good',
};

/** Exactly what each verdict says. */
const meanings: { readonly [verdict in ConsistencyVerdict]: string } = {
  'violated': 'The operations below cannot all be right: each certificate can be checked by hand.',
  'unknown': 'Nothing can be said about some keys; see why below. This is not a pass.',
  'not-exercised': 'Too little happened at once to judge. This is not a pass.',
  'no-violation-found': 'Only necessary conditions could be judged, and they hold.',
  'consistent': 'The model allows some order of all operations, each within its own time.',
};

const certificatesShown = 3;
const keysShown = 3;

/**
 * A verified history for the terminal: the verdict and its meaning, what was judged and how exposed it was, the first
 * certificates, and the keys about which less is known than about others, with the reason.
 */
export const verified = (history: VerifiedHistory, file: string, style: Style): string => {
  const width = Math.max(40, style.width);
  const { verdict, because, model, findings, coverage, exposure } = history;
  const lines: Line[] = [
    [span(verdict, tones[verdict]), span(`  ${model}  `, 'strong'), span(plain(file, 60), 'quiet')],
    ...hanging(
      [span('  ')],
      because === undefined ? meanings[verdict] : `Nothing can be said: ${plain(because, 300)}.`,
      width,
    ),
    ...hanging(
      [span('  ')],
      `${many(coverage.operations, 'operation')} on ${many(coverage.keys, 'key')}: ${many(coverage.acknowledged, 'change')} acknowledged, ${count(coverage.unknown)} of unknown outcome, ${many(coverage.reads, 'read')} answered.`,
      width,
      'quiet',
    ),
    ...hanging([span('  ')], exposureOf(model, exposure), width, 'quiet'),
  ];
  for (const finding of findings.slice(0, certificatesShown))
    lines.push([], ...certificate(finding, { width, color: style.color }));
  if (findings.length > certificatesShown)
    lines.push(
      [],
      [span(`${many(findings.length - certificatesShown, 'more finding')}: --json has them all.`, 'quiet')],
    );
  return render([...lines, ...doubts(history, width)], { ...style, width });
};

const exposureOf = (model: string, exposure: VerifiedHistory['exposure']): string => {
  const { overlapping, atMostShare, clocks } = exposure;
  if (model === invariantName) return `It was asked ${many(overlapping, 'time')} while changes were under way.`;
  const only =
    clocks === undefined || clocks.errorNs === null
      ? ''
      : ` (of ${count(clocks.pairs)} possible overlaps, ${count(clocks.onlyByError)} due to clock error alone)`;
  const pairs = `${many(overlapping, 'pair')} on one key overlapped${only}`;
  if (atMostShare === null) return `${pairs}.`;
  // With so few pairs, all might go wrong next time.
  if (atMostShare >= 1) return `${pairs}, none of them wrong: too few to say how often such pairs go wrong.`;
  const percent = Number((atMostShare * 100).toPrecision(2));
  return `${pairs}, none of them wrong: at 95 %, at most ${percent} % of such pairs go wrong.`;
};

/** For each verdict short of the best, the first keys and the reason. */
const doubts = ({ keys, coverage }: VerifiedHistory, width: number): Line[] =>
  (['unknown', 'not-exercised', 'no-violation-found'] as const).flatMap((verdict) => {
    const some = Object.entries(keys).filter(([, one]) => one.verdict === verdict);
    if (some.length === 0) return [];
    const heading: Line = [span(`${verdict}: ${count(some.length)} of ${many(coverage.keys, 'key')}`, 'quiet')];
    const shown = some
      .slice(0, keysShown)
      .flatMap(([key, { because }]) => hanging([span(`  ${plain(key, 40)}  `)], plain(because ?? '', 300), width));
    return [[], heading, ...shown];
  });
