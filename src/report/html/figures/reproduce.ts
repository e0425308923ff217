import { createHash } from 'node:crypto';
import type { Result } from '../../../core/result/result.ts';
import { documentText } from '../../json.ts';
import { notesOf } from '../../sections/notes.ts';
import { count } from '../../format.ts';
import { plain } from '../../plain.ts';
import type { Figure } from '../markup/figure.ts';
import { markup, said, type Part } from '../markup/markup.ts';

/** What a reader must know to read the numbers correctly. */
export const notes = (result: Result): Figure | undefined => {
  const all = notesOf(result);
  if (all.length === 0) return undefined;
  return {
    id: 'notes',
    title: 'How to read it',
    question: 'What do I need to know to read this?',
    answer: undefined,
    body: markup`<ul>${all.slice(0, 60).map((one) => markup`<li>${said(one, 500)}</li>`)}</ul>`,
  };
};

/** How to repeat the measurement, and the document that this page was made from. */
export const reproduce = (result: Result): Figure => reproducedBy(result, commandOf(result), documentText(result));

/** As {@link reproduce}, with a given command. @param document what the page was made from */
export const reproducedBy = (
  {
    scenario,
    machine,
    tool,
    startedAt,
  }: Pick<Result, 'machine' | 'tool' | 'startedAt'> & { readonly scenario: Pick<Result['scenario'], 'file' | 'seed'> },
  command: string,
  document: string,
): Figure => {
  const facts: readonly (readonly [string, Part])[] = [
    ['scenario', said(scenario.file, 200)],
    ['seed', count(scenario.seed).replaceAll(',', '')],
    ['started', said(startedAt, 40)],
    ['contend', said(tool.version, 40)],
    ['Node', said(machine.node, 40)],
    ['machine', markup`${count(machine.cores)} × ${said(machine.cpu, 80)}, ${said(machine.kernel, 80)}`],
    ['SHA-256 of result.json', createHash('sha256').update(document).digest('hex')],
  ];
  return {
    id: 'reproduce',
    title: 'Reproduce',
    question: 'How do I repeat this?',
    answer:
      'With the scenario, the same seed, and the other flags of that run, which the result document does not keep.',
    body: [
      markup`<pre class="copied">${command}</pre>`,
      markup`<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`,
    ],
  };
};

const commandOf = ({ scenario: { file, seed, extendedTo }, agents = [], serves }: Result): string =>
  [
    `npx contend run ${quoted(plain(file, 300))} --seed ${seed}${allowing(serves)}`,
    ...(extendedTo === undefined ? [] : ['--extend']),
    ...(agents.length === 0 ? [] : [`--agents ${agents.length}`]),
  ].join(' ');

/** The flag without which a scenario that starts its target is refused; empty if contend started none. */
export const allowing = (serves: Result['serves'] = []): string => (serves.length === 0 ? '' : ' --allow-run');

/** Quoted so that a shell takes it as one word. */
export const quoted = (word: string): string =>
  /^[\w./:@%+=,-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
