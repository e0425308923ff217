import type { DataFinding, Evidence, FindingOperation } from '../../core/result/finding.ts';
import { type History, operations, outcomes, valueOf } from '../../core/history/history.ts';
import { isWholeRead, listSeen } from '../../core/history/whole-lists.ts';
import type { Contradiction } from './engines/engine.ts';
import { clockErrorText } from './clocks/open-order.ts';
import { letters } from './engines/words.ts';

const boundedClocks: Evidence = 'bounded-clocks';

/** Only the last element of a longer list is shown; the reasons name the positions. */
const longestShown = 16;

/**
 * A contradiction as plain data, for a report: its operations as they are in the history, values as in JSON.
 *
 * @param sessionName the name shown for a session's number
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
  const { widened } = history;
  const plain = (row: number): FindingOperation => {
    const byNs = widened?.byNs[row] ?? 0;
    const ret = history.ret[row]! - byNs;
    const agent = widened?.machines[widened.of[row]!]?.agent ?? undefined;
    return {
      letter: letter(row),
      session: sessionName(history.session[row]!),
      f: operations[history.f[row]!]!,
      call: history.call[row]! + byNs,
      ret: Number.isFinite(ret) ? ret : null,
      status: outcomes[history.status[row]!]!,
      ...seen(row),
      ...said('version', history.version[row]!),
      ...(agent === undefined ? {} : { agent: agent + 1 }),
      ...(byNs === 0 ? {} : { epsilonNs: byNs }),
    };
  };
  const errorNs = evidence === 'same-host' ? rows.reduce((most, row) => Math.max(most, widened?.byNs[row] ?? 0), 0) : 0;
  return {
    key,
    rule,
    evidence: errorNs > 0 ? boundedClocks : evidence,
    operations: rows.map(plain),
    because:
      errorNs > 0
        ? [...because, `Clocks are wrong by ${clockErrorText(errorNs)} at most, which is allowed for.`]
        : because,
    atLeast,
    atMost,
    ...(sold !== undefined && { sold }),
    ...(asked !== undefined && { asked }),
  };
};
