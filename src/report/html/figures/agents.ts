import type { Result } from '../../../core/result/result.ts';
import { agentColumns, agentLines, agentName, agentsSentence, type AgentLine } from '../../sections/first/agents.ts';
import type { Figure } from '../markup/figure.ts';
import { said } from '../markup/markup.ts';
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
    question: 'Which machines measured, and alike?',
    answer: said(sentence, 600),
    body: [
      table(
        rows,
        [names('mode', ({ mode }) => said(mode.name, 30)), agent, ...agentColumns.map((one) => columnOf(one))],
        {
          label: 'What each agent did',
        },
      ),
    ],
  };
};
