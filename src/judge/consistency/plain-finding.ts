import type { DataFinding, FindingOperation } from '../../core/result/finding.ts';
import { type History, operations, outcomes, valueOf } from '../../core/history/history.ts';
import { isWholeRead, listSeen } from '../../core/history/whole-lists.ts';
import type { Contradiction } from './engines/engine.ts';
import { letters } from './engines/words.ts';

/** A longer list is shown by its last element: the reasons name the positions. */
const longestShown = 16;

/**
 * A contradiction as plain data, for a report: its operations as they are in the history, values as JSON has them.
 *
 * @param sessionName by which the session of a number is shown
 */
export const plainFinding = (
  history: History,
  { rule, evidence, operations: rows, because, atLeast, atMost, sold, asked }: Contradiction,
  key: string,
  sessionName: (session: number) => number | string = (session) => session,
): DataFinding => {
  const letter = letters(rows);
  const said = (field: string, number: number): object =>
    Number.isNaN(number) ? {} : { [field]: valueOf(history, number) };
  const seen = (row: number): object => {
    if (!isWholeRead(history, row))
      return { ...said('value', history.value[row]!), ...said('operand', history.operand[row]!) };
    const list = history.version[row]! > longestShown ? undefined : listSeen(history, row);
    return list === undefined
      ? said('value', history.value[row]!)
      : { value: list.map((one) => valueOf(history, one)) };
  };
  const plain = (row: number): FindingOperation => {
    const ret = history.ret[row]!;
    return {
      letter: letter(row),
      session: sessionName(history.session[row]!),
      f: operations[history.f[row]!]!,
      call: history.call[row]!,
      ret: Number.isFinite(ret) ? ret : null,
      status: outcomes[history.status[row]!]!,
      ...seen(row),
      ...said('version', history.version[row]!),
    };
  };
  return {
    key,
    rule,
    evidence,
    operations: rows.map(plain),
    because,
    atLeast,
    atMost,
    ...(sold !== undefined && { sold }),
    ...(asked !== undefined && { asked }),
  };
};
