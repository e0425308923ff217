import type { Host } from '../../core/host.ts';
import { leastSize } from '../screen/view/frame.ts';

/** Why `--live` shows the line anyway; `undefined` if it shows the view. */
export const whyNoView = ({ stderr, terminal, env, machine }: Host, isQuiet: boolean): string | undefined => {
  if (isQuiet) return '--quiet shows no progress';
  if (!stderr.isTTY) return 'standard error is not a terminal';
  if (!terminal.isKeyboard) return 'standard input is not a terminal, so keys do not work';
  if (env['TERM'] === 'dumb') return 'TERM=dumb says that the cursor cannot be moved';
  if ((env['CI'] ?? '') !== '' && env['CI'] !== 'false') return 'CI is set, so nobody is watching';
  if (isOldWindows(machine.kernel)) return 'this Windows terminal does not support escape sequences';
  if (!terminal.isForeground()) return 'the run is in the background';
  const [columns, rows] = [stderr.columns() ?? 0, terminal.rows() ?? 0];
  if (columns >= leastSize.columns && rows >= leastSize.rows) return undefined;
  return `the terminal has ${columns} × ${rows} characters, and the view needs ${leastSize.columns} × ${leastSize.rows}`;
};

/** Before build 10586 of Windows 10, the console had no escape sequences. */
const isOldWindows = (kernel: string): boolean => {
  const [, major, build] = /^win32 (\d+)\.\d+\.(\d+)/u.exec(kernel) ?? [];
  return major !== undefined && (Number(major) < 10 || Number(build) < 10_586);
};
