import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HistoryBuilder } from '../../../src/core/history/builder.ts';
import { decodeHistory, encodeHistory } from '../../../src/core/history/file.ts';
import { type History, operations, valueOf } from '../../../src/core/history/history.ts';
import { isWholeRead, listSeen, readOfElement } from '../../../src/core/history/whole-lists.ts';
import { joinHistories } from '../../../src/judge/consistency/join.ts';

const elementOf = operations.indexOf('element');

/** Lists, each read of one of two keys. */
const historyOf = (lists: readonly (readonly unknown[])[]): History => {
  const builder = new HistoryBuilder();
  for (const [at, list] of lists.entries()) builder.appendList(builder.key(`k${at % 2}`), at, at, at + 1, list);
  return builder.history();
};

/** What each read saw, in words. */
const seen = (history: History): readonly (readonly unknown[] | undefined)[] =>
  [...history.f.keys()]
    .filter((row) => isWholeRead(history, row))
    .map((row) => listSeen(history, row)?.map((element) => valueOf(history, element)));

const rowsOf = ({ f }: History): number => f.filter((one) => one === elementOf).length;

test('a list that only grows is told once, however often it is read', () => {
  const list = Array.from({ length: 100 }, (_, n) => `e${n}`);
  const history = historyOf(list.map((_, n) => list.slice(0, n)));
  expect(rowsOf(history)).toBe(99 + 98);
  expect(seen(history)).toEqual(list.map((_, n) => list.slice(0, n)));
});

test('what is read of any lists is what they were, and stays so in a file and joined from shares', () => {
  const element = fc.constantFrom<unknown>(1, 2, '1', null, true, { a: [1] });
  const lists = fc.array(fc.array(element, { maxLength: 8 }), { maxLength: 8 });
  fc.assert(
    fc.property(lists, lists, (one, other) => {
      const history = historyOf(one);
      expect(seen(history)).toEqual(one);
      expect(seen(decodeHistory([...encodeHistory(history)]))).toEqual(one);
      expect(seen(joinHistories([history, historyOf(other)]))).toEqual([...one, ...other]);
    }),
  );
});

test('of a list that has little in common with those before it the first differences are told', () => {
  const [one, other] = ['a', 'b'].map((text) => Array.from({ length: 1000 }, (_, n) => `${text}${n}`));
  const history = historyOf([one!, [], other!]);
  expect(rowsOf(history)).toBe(1016);
  expect(seen(history)).toEqual([one, [], undefined]);
});

test('an element belongs to the read in front of it', () => {
  const history = historyOf([['a', 'b', 'c']]);
  expect([1, 2, 3].map((row) => readOfElement(history, row))).toEqual([0, 0, 0]);
});
