import { isSafe, requestsOf, sectionsOf, type Mode, type Plan } from '../../core/plan/plan.ts';
import { plain } from '../../report/plain.ts';

/** Notes about a plan for a user who may not have meant it so, a sentence each. None of it is wrong in itself. */
export const notesOf = ({ modes }: Plan): readonly string[] => {
  const broken = modes.filter(breaksForAMoment);
  if (broken.length === 0) return [];
  const names = broken.map(({ name }) => plain(name, 40)).join(', ');
  const writes = writesOf(broken[0]!).map((name) => plain(name, 40));
  return [
    `${names}: the invariant is also checked between the writes of a critical section (${writes.join(', ')}), because the check takes no lock. If a section may break it for a moment, leave "every" out.`,
  ];
};

/** A lock keeps other users out of a critical section with several writes, but not the observer of an invariant. */
const breaksForAMoment = (mode: Mode): boolean =>
  mode.invariant?.everyUs !== undefined && mode.lock.name !== 'none' && writesOf(mode).length > 1;

/** The writes of the first section with several. */
const writesOf = ({ steps }: Mode): readonly string[] =>
  sectionsOf(steps)
    .map((section) => requestsOf(section.steps).filter(({ method }) => !isSafe(method)))
    .find(({ length }) => length > 1)
    ?.map(({ name }) => name) ?? [];
