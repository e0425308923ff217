import type { Mode } from '../core/plan/plan.ts';
import type { Warning } from '../core/result/warning.ts';
import type { Slot } from '../core/slot.ts';
import { many } from './figure.ts';

/** Warnings about answers that do not say what became of a change: the verdict on the data has that much less to go by. */
export const outcomeWarnings = ({ name, observe, settleUs }: Mode, slots: readonly Slot[]): readonly Warning[] => {
  const changing = observe.filter(({ operation, done }) => operation !== 'read' && done === undefined);
  return [
    ...unclear(name, slots),
    ...[...new Set(changing.map(({ step }) => step))].flatMap((step) =>
      Object.entries(open).flatMap(([status, words]) => {
        const count = slots.reduce((sum, { recording }) => sum + (recording.steps[step]?.byStatus[status] ?? 0), 0);
        return count === 0 || (status === '202' && settleUs !== undefined)
          ? []
          : [unknown(`in ${name}, ${many(count, 'answer')} to ${step} said ${status}`, words)];
      }),
    ),
  ];
};

/** The 2xx statuses that do not say that everything was done. */
const open: { readonly [status: string]: readonly [means: string, hint: string] } = {
  '202': [
    'which means accepted, but not yet done',
    'If it is done soon after, say under "consistency:" how soon, as in settle: 2s; if it is already done, done: status == 202.',
  ],
  '207': [
    'which has a status for each part in its body',
    'Say under "consistency:" what means done, such as done: body.items[0].status == 200.',
  ],
};

const unknown = (answers: string, [means, hint]: readonly [string, string]): Warning => ({
  code: 'OUTCOME_UNKNOWN',
  message: `${answers}, ${means}: those changes may or may not have happened.`,
  hint,
});

const unclear = (mode: string, slots: readonly Slot[]): readonly Warning[] => {
  const all = slots.flatMap(({ recording }) => recording.histories.flatMap((history) => history.unclear ?? []));
  const [first] = all;
  if (first === undefined) return [];
  const answers = many(
    all.reduce((sum, { count }) => sum + count, 0),
    'answer',
  );
  return [
    {
      code: 'OUTCOME_UNCLEAR',
      message: `in ${mode}, "done:" or "refused:" could not be evaluated for ${answers}, whose outcome is unknown: ${first.example}.`,
      hint: 'Make the expression fit every answer, as "status == 204 || body.ok" does.',
    },
  ];
};
