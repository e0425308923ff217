import { plain, widthOf } from '../../../report/plain.ts';
import { span, type Line } from '../../../report/terminal/layout/line.ts';
import { numbersOf } from '../words.ts';
import type { AgentView, View } from './view.ts';

/** More would take room from the modes. */
const mostLines = 4;
const mostHost = 28;

/** With less room, names are shorter and a word is left out. */
const roomy = 70;
const narrowHost = 14;

/** What each agent does now, how busy it is and how well its clock is known; lost agents come first if not all fit. */
export const agentsOf = ({ agents }: Pick<View, 'agents'>, width: number): readonly Line[] => {
  if (agents.length === 0) return [];
  const shown =
    agents.length <= mostLines
      ? agents
      : agents
          .toSorted((one, other) => Number(other.isLost) - Number(one.isLost))
          .slice(0, mostLines - 1)
          .toSorted((one, other) => one.agent - other.agent);
  const isRoomy = width >= roomy;
  const places = String(Math.max(...shown.map(({ agent }) => agent))).length;
  const names = shown.map(
    ({ agent, host }) => `${String(agent).padStart(places)} ${plain(host, isRoomy ? mostHost : narrowHost)}`,
  );
  const nameWidth = Math.max(...names.map(widthOf));
  const label = 'agents';
  const lines = shown.map((agent, at): Line => {
    const name = names[at]! + ' '.repeat(nameWidth - widthOf(names[at]!));
    return [
      span((at === 0 ? label : '').padEnd(label.length + 2), 'quiet'),
      span(name),
      ...(agent.isLost ? [span('  lost', 'doubt')] : [span(wordsOf(agent, isRoomy))]),
    ];
  });
  const left = agents.length - shown.length;
  return left === 0 ? lines : [...lines, [span(`${' '.repeat(label.length + 2)}and ${left} more`, 'quiet')]];
};

const wordsOf = (agent: AgentView, isRoomy: boolean): string => {
  const { rate, cpu, clock } = numbersOf(agent);
  return isRoomy
    ? `${rate.padStart(11)}  CPU ${cpu.padStart(5)}  clock ${clock}`
    : `${rate.padStart(9)}  CPU ${cpu.padStart(5)}  ${clock}`;
};
