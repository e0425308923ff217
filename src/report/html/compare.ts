import type { RunComparison } from '../../core/result/run-comparison.ts';
import { runs } from './figures/runs.ts';
import { section } from './markup/figure.ts';
import { markup, said } from './markup/markup.ts';
import { pageOf } from './page.ts';

/** Two runs side by side as a page of its own. It is advisory, so there is no verdict at the top. */
export const runsPage = (comparison: RunComparison): string =>
  pageOf({
    title: `${comparison.scenario}: against an earlier run`,
    body: markup`<header><h1>${said(comparison.scenario, 80)}</h1><p class="facts">against an earlier run, through ${said(comparison.control, 40)}</p></header>
${section(runs(comparison, 'What changed'))}`,
  });
