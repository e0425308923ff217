import { readFileSync } from 'node:fs';
import { isSweep, readResult } from '../../../src/core/result/read.ts';
import type { Result } from '../../../src/core/result/result.ts';
import type { SweepResult } from '../../../src/core/result/sweep.ts';
import { html } from '../../../src/report/html/html.ts';
import { sweepHtml } from '../../../src/report/sweep/html/page.ts';
import { agentsResult } from '../agents-result.ts';
import { comparedResult, fewRounds, oneRound } from '../compared-result.ts';
import { exampleResult, hostile, openLoadKept, violatedThenInvalid, wideNames } from '../example-result.ts';
import { hostileMarkup } from '../hostile-markup.ts';
import { hostileLocks, lapsedResult, locksResult, openLocksResult } from '../locks-result.ts';
import { situations } from '../situations.ts';
import { exampleCapacity, exampleSweep } from '../sweep/example-sweep.ts';
import { brokenSweep, hostileSweep, keySweep, rateSweep, searchedSweep } from '../sweep/more-sweeps.ts';

/** A document of the first build that wrote one of this version. */
const oldest = (): Result => {
  const text = readFileSync(new URL('../../golden/result-1.json', import.meta.url), 'utf8');
  return readResult(text, 'result-1.json');
};

/** More modes than there are colours. */
const twelveModes = (): Result => {
  const base = exampleResult();
  const modes = Array.from({ length: 12 }, (_, at) => ({ ...base.modes[at % 4]!, name: `mode-${at}` }));
  const comparisons = modes
    .slice(1)
    .map(({ name }, at) => ({ ...base.comparisons[at % 3]!, mode: name, control: 'mode-0' }));
  return { ...base, scenario: { ...base.scenario, control: 'mode-0' }, modes, comparisons };
};

/** Names as long as somebody might think of, in several scripts, one of them from right to left, and faces. */
const longest = [
  'x'.repeat(60),
  '楽観的な同時実行制御を使う方法'.repeat(4),
  'قفل متفائل مع إعادة المحاولة عند التعارض',
  '🔒🧵👩‍👩‍👧‍👦 pessimistic 🐢',
];

/** So many modes of a run, over and over, with such names; all that is said of them goes by these. */
export const withLongNames = (base: Result, count: number): Result => {
  const named = Array.from({ length: count }, (_, at) => {
    const turn = Math.floor(at / longest.length);
    return {
      from: base.modes[at % base.modes.length]!,
      name: `${turn === 0 ? '' : turn}${longest[at % longest.length]!}`,
    };
  });
  const [control] = named;
  const comparisons = named
    .slice(1)
    .flatMap(({ from, name }) =>
      base.comparisons
        .filter(({ mode }) => mode === from.name)
        .map((one) => ({ ...one, mode: name, control: control!.name })),
    );
  const modes = named.map(({ from, name }) => ({ ...from, name }));
  return { ...base, scenario: { ...base.scenario, control: control!.name }, modes, comparisons };
};

/** More than anybody has, and all of it from somebody who means harm: twenty modes with a hundred findings each. */
const largest = (): Result => {
  const base = hostileMarkup();
  const mode = base.modes.find(({ consistency }) => consistency!.findings.length > 0)!;
  const { findings } = mode.consistency!;
  const consistency = {
    ...mode.consistency!,
    findings: Array.from({ length: 100 }, (_, at) => findings[at % findings.length]!),
  };
  return {
    ...base,
    modes: Array.from({ length: 20 }, (_, at) => ({ ...mode, name: `${mode.name} ${at}`, consistency })),
  };
};

const makers: { readonly [name: string]: () => Result } = {
  ...situations,
  'compared': comparedResult,
  'few-rounds': fewRounds,
  'one-round': oneRound,
  'open-load-kept': openLoadKept,
  'violated-then-invalid': violatedThenInvalid,
  'locks': locksResult,
  'open-locks': openLocksResult,
  'lapsed': lapsedResult,
  'agents': () => agentsResult(),
  'wide-names': wideNames,
  'long-names': () => withLongNames(exampleResult(), 4),
  'twelve-modes': twelveModes,
  'oldest': oldest,
  'hostile': hostile,
  'hostile-markup': hostileMarkup,
  'hostile-locks': hostileLocks,
  'largest': largest,
};

/** Documents of every kind that there is, by a word for each; each is made once. */
export const documents: { readonly [name: string]: () => Result } = Object.fromEntries(
  Object.entries(makers).map(([name, make]) => {
    let made: Result | undefined;
    return [name, () => (made ??= make())];
  }),
);

/** Documents of sweeps. */
export const sweeps: { readonly [name: string]: () => SweepResult } = {
  'sweep': exampleSweep,
  'sweep of capacity': exampleCapacity,
  'sweep of keys': keySweep,
  'sweep of rates': rateSweep,
  'sweep that broke': brokenSweep,
  'search that was lost': searchedSweep,
  'hostile sweep': hostileSweep,
};

/** The page of a document. */
export const pageText = (result: Result | SweepResult): string =>
  (isSweep(result) ? sweepHtml(result) : html(result))[0].text;
