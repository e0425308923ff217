import { atKey, type Complaint } from '../text/locate.ts';
import { allLists, requestTrees } from '../names/requests.ts';
import { find, type Branch } from '../text/tree.ts';

/** Only who logs in may ask somebody else than the target: what is measured, and judged, is one target. */
export const checkElsewhere = (mode: Branch): Complaint[] =>
  allLists
    .filter(([list]) => list !== 'login')
    .flatMap((list) => requestTrees(find(mode, ...list)))
    .flatMap((request) => {
      const entry = request.entries.get('target');
      const hint = 'put it at the top, or in a mode, where it goes for all steps';
      return entry === undefined ? [] : [atKey(entry, 'only a step of "login" has a target of its own', hint)];
    });
