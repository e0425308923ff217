import { count } from '../../../report/format.ts';
import { plain, widthOf } from '../../../report/plain.ts';
import { render, span, type Line } from '../../../report/terminal/layout/line.ts';
import type { Size } from '../messages.ts';
import { leftOf } from '../words.ts';
import { agentsOf } from './agents.ts';
import { factsOf } from './facts.ts';
import { helpOf } from './help.ts';
import { rowsOf } from './rows.ts';
import type { Users, View } from './view.ts';

/** The least rows for the modes, whatever else there is to show: the heading, one mode, and its axis or the number of others. */
const leastRows = 3;

/** A picture takes no more lines, however high the terminal is, so that the text above it stays visible. */
const mostLines = 18;

/** A terminal that is smaller shows the line instead of the view. */
export const leastSize: Size = { columns: 60, rows: 12 };

/** Whether a view fits there. */
export const fits = ({ columns, rows }: Size): boolean => columns >= leastSize.columns && rows >= leastSize.rows;

/**
 * The picture of a view: lines that fit into the terminal, with the last column and the last line left free.
 *
 * @cost well under a millisecond, on the screen's own thread
 */
export const frameOf = (view: View, { columns, rows }: Size, color: boolean): readonly string[] => {
  const width = columns - 1;
  const height = Math.min(mostLines, rows - 1);
  const head = headOf(view, width);
  const foot = footOf(view, width);
  const room = height - head.length - foot.length;
  const facts = factsOf(view, width);
  // A mode, its heading and what happened in it come before the agents that measure it.
  const agents = agentsOf(view, width).slice(0, Math.max(0, room - facts.length - leastRows));
  const below = [...agents, ...facts];
  const body = view.isHelp ? helpOf(view).slice(0, room) : rowsOf(view, width, room - below.length);
  const lines = [...head, ...body, ...(view.isHelp ? [] : below), ...foot];
  return lines.map((line) => render([line], { width, color }).trimEnd());
};

const headOf = ({ title, round, rounds, slots, phase, pace, modes }: View, width: number): readonly Line[] => {
  const running = modes.find((mode) => mode.running !== undefined);
  const where = slots === 1 ? '' : `round ${round}/${rounds}  `;
  const naming = (name: string): string => (modes.length === 1 ? phase : `${plain(name, mostName)} ${phase}`);
  const longest = Math.max(...modes.map(({ name }) => widthOf(plain(name, mostName))));
  const doing = running === undefined ? phase : naming(running.name);
  const left = leftOf(pace);
  // Equally wide for every mode, so that the bar keeps its place; if that leaves no room for the bar, only as wide as needed.
  const padded = where.length + (modes.length === 1 ? 0 : longest + 1) + widest;
  const isRoomy = width - widthOf(title) - padded - left.length - 6 >= leastBar;
  const words = `${`${where}${doing}`.padEnd(isRoomy ? padded : 0)}  `;
  const name = plain(title, Math.max(12, width - words.length - left.length - 2 - leastBar));
  const room = Math.min(mostBar, width - widthOf(name) - widthOf(words) - left.length - 4);
  const bar = room < leastBar ? 0 : room;
  const full = Math.round(pace.done * bar);
  return [
    [
      span(name, 'strong'),
      span(`  ${words}`),
      span('█'.repeat(full), 'good'),
      span('░'.repeat(bar - full), 'quiet'),
      span(left === '' ? '' : `  ${left}`),
    ],
  ];
};

const mostName = 20;
const widest = 'warming up'.length;
const leastBar = 6;
const mostBar = 28;

const footOf = (view: View, width: number): readonly Line[] => {
  const { isHeld, isStopping, users } = view;
  if (isStopping) return [[span('stopping: waiting for what is in flight', 'doubt')], [span('q at once', 'quiet')]];
  const people = users === undefined ? '' : `${usersOf(users)} · `;
  const said = isHeld ? span('the view is paused, the load goes on: p', 'doubt') : span(promiseOf(view), 'quiet');
  const stop = width < 70 ? 'q stop' : 'q stop, report';
  const keys = `+/- window  p hold  v line  ${stop}  ${users === undefined ? '' : 'u/d users  '}? keys`;
  return [[span(people), said], [span(keys, 'quiet')]];
};

const usersOf = ({ now, planned }: Users): string =>
  now === planned ? `${count(now)} users` : `${count(now)} users, ${count(planned)} planned`;

/** What is not shown, so that nobody looks for it, or stops when it looks good. */
const promiseOf = ({ modes, rounds }: View): string => {
  if (modes.length > 1 && rounds > 1) return 'levels only: intervals and verdicts when all rounds are in';
  return 'levels only, no verdict yet';
};
