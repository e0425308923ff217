import { expectedUs } from '../../core/plan/length.ts';
import { mostRequests } from '../../core/plan/most-requests.ts';
import type { Plan } from '../../core/plan/plan.ts';
import { count, many } from '../../report/format.ts';
import { timeText } from './length.ts';

/** How long a run takes, and how much it sends: `about 23 s, at most 24,000 requests`. */
export const extentOf = (plan: Plan): string => {
  const us = expectedUs(plan, plan.rounds);
  const about = timeText({ leastUs: us, mostUs: us });
  const requests = mostRequests(plan);
  const users = Math.max(...plan.modes.map(({ load }) => load.users));
  const sent =
    requests === undefined
      ? `as many requests as ${many(users, 'user')} ${users === 1 ? 'is' : 'are'} answered`
      : `at most ${count(requests)} requests`;
  return about === '' ? sent : `${about}, ${sent}`;
};
