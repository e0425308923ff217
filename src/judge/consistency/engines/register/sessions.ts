import { info, ok, operations } from '../../../../core/history/history.ts';
import type { History } from '../../../../core/history/history.ts';
import { chainsOf, initialWriter, isAnsweredRead, isHead, manyWriters, mayWrite } from './chains.ts';
import type { Engine, Known } from '../engine.ts';
import { Findings } from '../findings.ts';
import { SessionGraph } from './session-graph.ts';
import { certifyCycle, certifyLast, certifyPair, sessionRule } from './session-why.ts';
import { doubles, integers, words } from '../columns/scratch.ts';
import { sortBy, sortedBy } from '../columns/sorted.ts';
import { withWitnesses } from './witness.ts';

const read = operations.indexOf('read');

/**
 * Judges what each session saw of values that were each written once, using only the order within each session and no clock: whether some
 * order of the values agrees with every session (coherence). Exact for that.
 *
 * An operation of unknown outcome may take effect after what its session did later. What {@link register} finds without a clock is found
 * here too.
 */
export const sessionsByValues: Engine = (history, rows, known) => {
  const findings = new Findings(withWitnesses(history, rows, known.final));
  judgeValues(history, bySession(history, rows), known, findings);
  return findings.worstFirst();
};

/** The same by versions that are numbers: none goes back (read your writes, monotonic reads and writes, writes follow reads). */
export const sessionsByVersions: Engine = (history, rows, known) => {
  const findings = new Findings(withWitnesses(history, rows, known.final));
  judgeVersions(history, bySession(history, rows), findings);
  return findings.worstFirst();
};

/** The rows grouped by session, each session in its order. */
const bySession = (history: History, rows: Uint32Array): Uint32Array => {
  const byCall = sortedBy(rows, history.call);
  let most = 0;
  for (const row of byCall) most = Math.max(most, history.session[row]!);
  if (most > 2 * byCall.length + 1024) {
    const sessions = doubles(byCall.length);
    for (let i = 0; i < byCall.length; i++) sessions[i] = history.session[byCall[i]!]!;
    sortBy(byCall, sessions);
    return byCall;
  }
  // Sessions are few and numbered from 0, so a counting sort does.
  const places = words(most + 2);
  for (const row of byCall) places[history.session[row]! + 1]!++;
  for (let session = 1; session < places.length; session++) places[session]! += places[session - 1]!;
  const order = words(byCall.length);
  for (const row of byCall) order[places[history.session[row]!]!++] = row;
  return order;
};

const judgeVersions = (history: History, order: Uint32Array, findings: Findings): void => {
  let highest = -1;
  for (const row of order) {
    const version = history.version[row]!;
    if (history.status[row] !== ok || Number.isNaN(version)) continue;
    const isRead = history.f[row] === read;
    if (highest < 0 || history.session[highest] !== history.session[row]) highest = row;
    else if (version < history.version[highest]! || (version === history.version[highest] && !isRead))
      certifyPair(history, findings, sessionRule(history, highest, row), [highest, row], 'by the versions');
    else highest = row;
  }
};

const judgeValues = (history: History, order: Uint32Array, known: Known, findings: Findings): void => {
  const chains = chainsOf(history, order, known, findings);
  const { values, writer, next, final } = chains;
  const headOf = integers(values.count).fill(-1);
  const place = integers(values.count);
  let chainCount = 0;
  let initial = -1;
  for (let head = 0; head < values.count; head++) {
    if (!isHead(chains, head)) continue;
    chainCount++;
    if (writer[head] === initialWriter) initial = head;
    for (let value = head, at = 0; value >= 0; value = next[value]!, at++) {
      headOf[value] = head;
      place[value] = at;
    }
  }
  const last = final >= 0 ? headOf[final]! : -1;
  const valueOf = (row: number): number => {
    if (isAnsweredRead(history, row)) return values.find(history.value[row]!);
    const value = mayWrite(history, row) ? values.find(history.value[row]!) : -1;
    return value >= 0 && writer[value] === row && chains.happened[value] === 1 ? value : -1;
  };
  if (final >= 0 && headOf[final]! >= 0) {
    const overwritten = next[final]! >= 0 ? writer[next[final]!]! : -1;
    if (overwritten >= 0 || (headOf[final] === initial && chainCount > 1))
      certifyLast(history, order, findings, overwritten, known.final, (row) => {
        const value = valueOf(row);
        return value >= 0 && headOf[value] !== initial;
      });
  }
  const graph = new SessionGraph(values.count, order.length);
  let before = -1;
  let valueBefore = -1;
  for (const row of order) {
    const value = valueOf(row);
    if (value < 0 || writer[value] === manyWriters) continue;
    if (before >= 0 && history.session[before] === history.session[row]) {
      const [from, to] = [headOf[valueBefore]!, headOf[value]!];
      if (from === to) {
        const goesBack =
          place[value]! < place[valueBefore]! ||
          (value === valueBefore && history.f[row] !== read && history.f[before] === read);
        if (goesBack) {
          const [low, high] = [value, valueBefore];
          certifyPair(history, findings, sessionRule(history, before, row), [before, row], 'by the values', () => {
            const links: number[] = [];
            for (let link = low; link !== high; link = next[link]!) links.push(writer[next[link]!]!);
            return links;
          });
        }
      } else if (to === initial)
        certifyPair(
          history,
          findings,
          sessionRule(history, before, row),
          [before, row],
          'by the initial value, which came first,',
        );
      else if (from === last)
        certifyPair(
          history,
          findings,
          sessionRule(history, before, row),
          [before, row],
          'by the last read, which found what came last,',
        );
      else graph.add(before, from, row, to);
    }
    if (history.status[row] === info) continue;
    before = row;
    valueBefore = value;
  }
  const cycle = graph.cycle();
  if (cycle.length > 0) certifyCycle(history, findings, cycle, (row) => valueOf(row), next, writer, place);
};
