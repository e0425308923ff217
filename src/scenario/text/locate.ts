import type { Problem } from './problem.ts';
import type { Entry, Mark, Tree } from './tree.ts';

/** A problem whose place is not computed yet. */
export interface Complaint {
  readonly mark: Mark;
  readonly path: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The key is missing: a mode may still add it. */
  readonly missing?: boolean;
  /** It may be meant as written: it is reported, but the scenario is not refused. */
  readonly isNote?: true;
}

/** A complaint about a value. */
export const at = ({ mark, path }: Tree, message: string, hint?: string): Complaint => ({ mark, path, message, hint });

/** A complaint about a key. */
export const atKey = ({ key, value }: Entry, message: string, hint?: string): Complaint => ({
  mark: key,
  path: value.path,
  message,
  hint,
});

/**
 * Places complaints in a scenario's text: each once, flags first, then in the order of the file.
 *
 * A mode is the scenario with something laid over it, so the same fault is found once per mode.
 */
export const locate = (complaints: readonly Complaint[], file: string, text: string): Problem[] => {
  const starts = lineStarts(text);
  const seen = new Map<string, { readonly mark: Mark; readonly problem: Problem }>();
  for (const complaint of complaints) {
    const problem = place(complaint, file, text, starts);
    const key = `${problem.place}\n${problem.message}`;
    if (!seen.has(key)) seen.set(key, { mark: complaint.mark, problem });
  }
  const order = (mark: Mark): number => (typeof mark === 'number' ? mark : -1);
  return [...seen.values()].sort((a, b) => order(a.mark) - order(b.mark)).map(({ problem }) => problem);
};

const place = (complaint: Complaint, file: string, text: string, starts: readonly number[]): Problem => {
  const { mark, path, message, hint } = complaint;
  const said = { file, path, message, ...(hint === undefined ? {} : { hint }) };
  if (typeof mark === 'string') return { place: mark, ...said };
  const line = lineAt(starts, mark);
  const start = starts[line]!;
  const column = mark - start + 1;
  const end = starts[line + 1] ?? text.length;
  return {
    place: `${file}:${line + 1}:${column}`,
    ...said,
    line: text.slice(start, end).replace(/[\r\n]+$/, ''),
    column,
  };
};

const lineStarts = (text: string): number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

const lineAt = (starts: readonly number[], offset: number): number => {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};
