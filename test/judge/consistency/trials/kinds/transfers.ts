import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import type { Kind } from '../trial.ts';

/** Transfers, and what is known of three accounts. */
interface DrawnTransfers extends Drawn {
  readonly accounts: ReadonlyMap<string, { readonly initial: number; readonly final: number }>;
}

const accountCount = 3;

const drawTransfers = (die: Die): DrawnTransfers => {
  const first = Array.from({ length: accountCount }, () => 2 + die(4));
  const balances = [...first];
  const total = first.reduce((sum, one) => sum + one, 0);
  const act = (): Done => {
    if (die(3) === 0) return { f: 'read', status: die(12) === 0 ? 'info' : 'ok', value: total };
    const [from, to, operand] = [die(accountCount), die(accountCount), 1 + die(2)];
    const status = (['ok', 'ok', 'ok', 'info', 'info', 'fail'] as const)[die(6)]!;
    const effect = (): void => {
      balances[from]! -= operand;
      balances[to]! += operand;
    };
    if (status === 'ok') effect();
    return { f: 'transfer', status, value: from, version: to, operand, effect };
  };
  const deeds = carriedOut(die, 7, act);
  const isKnown = die(3) > 0;
  const drawn = { deeds, initial: isKnown ? total : NaN, final: isKnown && die(2) === 0 ? total : NaN };
  const isWrong = die(3) === 0;
  const accounts = first.map((initial, account): [string, { initial: number; final: number }] => [
    `${account}`,
    { initial, final: balances[account]! + (isWrong && die(3) === 0 ? die(3) - 1 : 0) },
  ]);
  return {
    ...spoiled(die, drawn, [0, 0, 1, 1, 2, 3][die(6)]!),
    accounts: new Map(die(3) === 0 ? [] : accounts),
  };
};

/** Every total is one, and some outcome of the transfers gives all balances together; none ends below `least` that did not begin there. */
const isOneTotal =
  (least: number) =>
  ({ deeds, initial, final, accounts }: DrawnTransfers): boolean => {
    const totals = deeds.flatMap(({ f, status, value }) =>
      f === 'read' && status === 'ok' && value !== undefined ? [value] : [],
    );
    const known = [initial, final, ...totals].filter((one) => !Number.isNaN(one));
    if (new Set(known).size > 1) return false;
    if (accounts.size === 0) return true;
    for (const one of accounts.values()) if (one.final < least && one.final < one.initial) return false;
    const moves = deeds.filter(({ f, status }) => f === 'transfer' && status !== 'fail');
    const given = (at: number, balances: readonly number[]): boolean => {
      const move = moves[at];
      if (move === undefined) return balances.every((one, account) => one === accounts.get(`${account}`)!.final);
      const after = balances.map(
        (one, account) => one + ((move.version === account ? 1 : 0) - (move.value === account ? 1 : 0)) * move.operand!,
      );
      return given(at + 1, after) || (move.status === 'info' && given(at + 1, balances));
    };
    return given(
      0,
      Array.from({ length: accountCount }, (_, account) => accounts.get(`${account}`)!.initial),
    );
  };

const kindOf = (name: string, least: number): Kind => ({
  name,
  model: 'transfer',
  terms: { least },
  isAlone: true,
  draw: drawTransfers,
  isLegal: (one) => isOneTotal(least)(one as DrawnTransfers),
  accounts: (one) => (one as DrawnTransfers).accounts,
  caught: [0.5, 0.5],
});

/** Transfers between accounts. */
export const transferKinds: readonly Kind[] = [
  kindOf('transfers', -Infinity),
  kindOf('transfers between accounts that may not be overdrawn', 0),
];
