import { span, type Line } from '../../../report/terminal/layout/line.ts';
import type { View } from './view.ts';

/** What the keys do. */
export const helpOf = ({ users }: View): readonly Line[] =>
  [
    ['+ -', 'shorter, longer window: 1 s … the whole slot'],
    ['p', 'pause the view; the load goes on'],
    ['v', 'one line instead of this view, and back'],
    ...(users === undefined ? [] : [['u d', 'more users, fewer: no gate on time or rate after that']]),
    ['q', 'stop and report what was measured; again: at once'],
    ['^Z', 'to the shell; fg comes back'],
    ['?', 'these keys, and back'],
  ].map(([key, does]) => [span(`  ${key!.padEnd(5)}`, 'strong'), span(does!)]);
