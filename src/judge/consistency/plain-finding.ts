import type { DataFinding, FindingOperation } from '../../core/result/finding.ts';
import { type History, operations, outcomes, valueOf } from '../../core/history/history.ts';
import type { Contradiction } from './engines/engine.ts';
import { letters } from './engines/words.ts';

/**
 * A contradiction as plain data, for a report: its operations as they are in the history, values as JSON has them.
 *
 * @param sessionName by which the session of a number is shown
 */
export const plainFinding = (
  history: History,
  { rule, evidence, operations: rows, because, atLeast, atMost, sold }: Contradiction,
  key: string,
  sessionName: (session: number) => number | string = (session) => session,
): DataFinding => {
  const letter = letters(rows);
  const plain = (row: number): FindingOperation => {
    const ret = history.ret[row]!;
    const said = (field: string, number: number): object =>
      Number.isNaN(number) ? {} : { [field]: valueOf(history, number) };
    return {
      letter: letter(row),
      session: sessionName(history.session[row]!),
      f: operations[history.f[row]!]!,
      call: history.call[row]!,
      ret: Number.isFinite(ret) ? ret : null,
      status: outcomes[history.status[row]!]!,
      ...said('value', history.value[row]!),
      ...said('operand', history.operand[row]!),
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
  };
};
