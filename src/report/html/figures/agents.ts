import type { Result } from '../../../core/result/result.ts';
import {
  agentColumns,
  agentLines,
  agentName,
  agentsSentence,
  clockColumns,
  clockLines,
  type AgentLine,
  type ClockLine,
} from '../../sections/first/agents.ts';
import { line, rect, svg } from '../draw/svg.ts';
import type { Figure } from '../markup/figure.ts';
import { said, type Part } from '../markup/markup.ts';
import { columnOf, names, table, type Column } from '../markup/table.ts';

/** The machines that a run was measured on, and what each did in each mode. */
export const agents = (result: Result): Figure | undefined => {
  const rows = agentLines(result);
  const [sentence] = agentsSentence(result);
  if (rows.length === 0 || sentence === undefined) return undefined;
  const agent: Column<AgentLine> = { heading: 'agent', align: 'left', cell: (line) => said(agentName(line), 60) };
  return {
    id: 'agents',
    title: 'The agents',
    question: 'Which machines measured, and did they agree?',
    answer: said(sentence, 600),
    body: [
      table(
        rows,
        [names('mode', ({ mode }) => said(mode.name, 30)), agent, ...agentColumns.map((one) => columnOf(one))],
        {
          label: 'What each agent did',
        },
      ),
      table(
        clockLines(result),
        [
          names('mode', ({ mode }) => said(mode.name, 30)),
          { heading: 'only by the clocks', align: 'left', cell: shareDrawn },
          ...clockColumns.map((one) => columnOf(one)),
        ],
        { label: 'What the clocks of the agents leave open' },
      ),
    ],
    reading: [
      'iter/s, p50 and p99: medians over the rounds of each agent. Clock: by how much its times may be off from those of the others, at most.',
      ...(clockLines(result).length === 0
        ? []
        : [
            'Only by the clocks: the share of the pairs of operations on one key that overlap only because of that error. Above one half (the mark), models that need order say unknown.',
          ]),
    ],
  };
};

const [width, height] = [160, 14];

/** The share of pairs as a bar, with a mark at one half, from which on order cannot be judged. */
const shareDrawn = ({ clocks: { onlyByError, pairs } }: ClockLine): Part => {
  const part = pairs === 0 ? 0 : onlyByError / pairs;
  return svg({ width, height, kind: 'cell', label: 'the share of pairs that overlap only because of clock error' }, [
    rect(0, 3, width, 8, { fill: 'currentColor', opacity: 0.12 }),
    rect(0, 3, width * part, 8, { fill: 'currentColor', opacity: 0.6 }),
    line(width / 2, 0, width / 2, height, { dash: '2 2' }),
  ]);
};
