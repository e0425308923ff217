import type { About, Values } from '../../../core/history/about.ts';
import { type History, nameOf, valueOf } from '../../../core/history/history.ts';
import { rowsByKey } from '../../../core/history/rows.ts';
import { HistoryBuilder } from '../../../core/history/builder.ts';
import { canonicalJson } from '../../../core/exact/write.ts';
import type { Json } from '../../../core/json.ts';
import { accountNames } from '../accounts.ts';
import { ledgerOf } from '../engines/amounts/ledger.ts';
import { indexes } from '../engines/columns/sorted.ts';
import { oneBehindTheOther } from '../join.ts';
import type { ModelName } from '../model-names.ts';
import { ValueNumbers } from '../values/value-numbers.ts';
import { appliedOf } from './applied.ts';
import { closedOf, type Seen } from './closing.ts';
import { Granted } from './granted.ts';
import { asOpen, leftOver } from './left-over.ts';
import { isOpenChange, pickRows } from './rows.ts';

/** A slot, as far as it matters for what is carried into it and out of it. */
export interface Around {
  /** Slots with the same target work on the same data. */
  readonly target: string;
  /** Requests of its own put the target into another state before the first values are read, or after the last ones. */
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** Nothing sent before the last values were read takes effect after that. */
  readonly isSettled: boolean;
}

/** Changes of unknown outcome that may still take effect. */
interface Open {
  readonly history: History;
  /** For each row, 1 if no value will ever show that it has taken effect. */
  readonly alike: Uint8Array;
  /** Why there may be more of them. */
  readonly more?: string;
  /** What was read at the end of the previous slot, if nothing was sent after that. */
  readonly final: Values;
}

const nothing: Open = { history: new HistoryBuilder().history(), alike: new Uint8Array(), final: {} };

/** At most this many changes are carried from slot to slot. With more, it cannot be known what became of any. */
const mostCarried = 200_000;

/**
 * What stays open between the slots of a run: a change of unknown outcome may take effect in any later slot of the same target, whatever
 * the mode and whatever was reset in between.
 */
export class Carried {
  readonly #open = new Map<string, Open>();
  readonly #granted = new Granted();

  /** The history of a slot, preceded by the changes that may take effect in it, and the facts about it, updated to match. */
  into({ target, hasBefore }: Around, own: History, about: About): readonly [History, About] {
    const place = placeOf(target, about.model);
    if (about.model === 'at-most') return [own, { ...about, initial: this.#granted.into(place, own, hasBefore) }];
    const before = this.#open.get(place) ?? nothing;
    const open = withoutApplied(before, about, hasBefore);
    this.#open.set(place, open);
    const { history, more } = open;
    if (history.length === 0 && more === undefined) return [own, about];
    const carried = { rows: history.length, ...(more === undefined ? {} : { more }) };
    return [history.length === 0 ? own : oneBehindTheOther(history, own), { ...about, carried }];
  }

  /** Notes what is still open at the end of a slot whose history came from {@link into}. */
  outOf({ target, hasAfter, isSettled }: Around, history: History, about: About): void {
    const place = placeOf(target, about.model);
    // A grant that takes effect late takes up a place; it makes no other grant wrong.
    if (about.model === 'at-most') return this.#granted.outOf(place, history, about);
    const { incomplete, final } = about;
    const before = this.#open.get(place) ?? nothing;
    if (isSettled) {
      this.#open.delete(place);
      return;
    }
    const { rows, alike } = stillOpen(history, about, before.alike);
    const isTooMuch = rows.length > mostCarried;
    const more = isTooMuch
      ? `more than ${mostCarried} changes of slots before have an unknown outcome`
      : (before.more ??
        (incomplete === undefined ? undefined : `what the slot ${about.mode} ${about.round} did is not known`));
    this.#open.set(place, {
      ...(isTooMuch ? nothing : { history: asOpen(withOwnTexts(pickRows(history, rows))), alike }),
      ...(more === undefined ? {} : { more }),
      final: hasAfter ? {} : final,
    });
  }
}

const placeOf = (target: string, model: string): string => `${model} ${target}`;

/**
 * Without the changes that the values before the load, or those since the previous slot, show to have taken effect: these cannot do so
 * again.
 */
const withoutApplied = (open: Open, { model, initial }: About, hasBefore: boolean): Open => {
  const { history, alike, final } = open;
  if (history.length === 0) return open;
  const gone = new Set<number>();
  for (const [at, rows] of rowsByKey(history).entries()) {
    const key = history.keys[at]!;
    if (rows.length === 0 || !Object.hasOwn(initial, key)) continue;
    const [now, before] = [initial[key], Object.hasOwn(final, key) ? final[key] : undefined];
    if (isSum(model)) {
      if (hasBefore || !Number.isSafeInteger(now ?? 0) || !Number.isSafeInteger(before ?? 0) || before === undefined)
        continue;
      const { changes, amounts } = ledgerOf(history, rows);
      for (const one of appliedOf([...amounts], Number(now) - Number(before))) gone.add(changes[one]!);
    } else if (isOfValues(model)) {
      const seen = new Set(
        (Array.isArray(now) ? (now as readonly Json[]) : [now]).map((value) => canonicalJson(value)),
      );
      const texts = Array.from(rows, (row) => canonicalJson(valueOf(history, history.value[row]!)));
      const writers = new Map<string, number>();
      for (const text of texts) writers.set(text, (writers.get(text) ?? 0) + 1);
      for (const [place, row] of rows.entries())
        if (alike[row] === 0 && seen.has(texts[place]!) && writers.get(texts[place]!) === 1) gone.add(row);
    }
  }
  if (gone.size === 0) return open;
  const left = indexes(history.length).filter((row) => !gone.has(row));
  return { ...open, history: pickRows(history, left), alike: Uint8Array.from(left, (row) => alike[row]!) };
};

const isSum = (model: string): boolean => model === 'counter' || model === 'stock';
const isOfValues = (model: string): boolean => ['register', 'cas-register', 'append-log'].includes(model);

/** What may still take effect after a slot: the changes of unknown outcome, except those whose effect its values show. */
const stillOpen = (
  history: History,
  about: About,
  alikeBefore: Uint8Array,
): { readonly rows: readonly number[]; readonly alike: Uint8Array } => {
  const carried = about.carried?.rows ?? 0;
  const open: number[] = [];
  for (let row = 0; row < history.length; row++) if (isOpenChange(history, row)) open.push(row);
  if (about.model === 'queue') open.push(...leftOver(history, about.final));
  if (open.length === 0) return { rows: [], alike: new Uint8Array() };
  const numbers = new ValueNumbers(history);
  const both = (key: string): readonly [Json | undefined, Json | undefined] => [about.initial[key], about.final[key]];
  const seen: Omit<Seen, 'rows'> = {
    history,
    carried,
    known: (key) => numbers.known(both(key)),
    lists: (key) => numbers.lists(both(key)),
    accounts: about.model === 'transfer' ? accountNames(history) : new Map<number, string>(),
  };
  const isWhole = about.model === 'transfer';
  const keys = new Set(open.map((row) => history.key[row]!));
  const parts = isWhole ? [indexes(history.length)] : rowsByKey(history).filter((_, key) => keys.has(key));
  const [closed, alike] = [new Set<number>(), new Set<number>()];
  for (const rows of parts) {
    const one = closedOf(about.model as ModelName, { ...seen, rows });
    for (const row of one.alike) alike.add(row);
    for (const row of one.rows) closed.add(row);
  }
  const wasAlike = (row: number): boolean => row < carried && alikeBefore[row] === 1;
  const left = open.filter((row) => !closed.has(row) || wasAlike(row));
  return { rows: left, alike: Uint8Array.from(left, (row) => (alike.has(row) || wasAlike(row) ? 1 : 0)) };
};

/** With only the texts that its rows need, so that the slot's own can be released. */
const withOwnTexts = (history: History): History => {
  const builder = new HistoryBuilder();
  const own = (number: number): number => (nameOf(number) < 0 ? number : builder.value(valueOf(history, number)));
  for (let row = 0; row < history.length; row++)
    builder.append(
      builder.key(history.keys[history.key[row]!]!),
      history.session[row]!,
      history.f[row]!,
      history.status[row]!,
      history.call[row]!,
      history.ret[row]!,
      own(history.value[row]!),
      own(history.operand[row]!),
      own(history.version[row]!),
    );
  return builder.history();
};
