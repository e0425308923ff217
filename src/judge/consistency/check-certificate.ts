import type { History } from '../../core/history/history.ts';
import { amountsOf, lengthsOf } from './certificate/amounts.ts';
import { isGrantFinding, type Limited } from './certificate/grants.ts';
import { isHoldFinding } from './certificate/holds.ts';
import { isIssueFinding } from './certificate/issued.ts';
import { isLevelFinding } from './certificate/levels.ts';
import { isLogFinding } from './certificate/log.ts';
import { isOnceFinding } from './certificate/once.ts';
import { isRefusalFinding, isSessionFinding } from './certificate/promised.ts';
import { isQueueFinding } from './certificate/queue.ts';
import { isRegisterFinding } from './certificate/register.ts';
import { isSetFinding } from './certificate/set.ts';
import { isSumFinding } from './certificate/sums.ts';
import { isTransferFinding } from './certificate/transfers.ts';
import type { Contradiction, Known } from './engines/engine.ts';
import type { TransferAccounts } from './engines/amounts/transfers.ts';
import type { LogLists } from './engines/lists/places.ts';

/** What a certificate is about, and what is promised about it. */
export type Subject =
  | { readonly is: 'values' }
  | { readonly is: 'versions' }
  | { readonly is: 'amounts' }
  | { readonly is: 'issued' }
  | { readonly is: 'log'; readonly lists: LogLists }
  | { readonly is: 'session' }
  | { readonly is: 'refusals'; readonly by: 'value' | 'version' }
  | { readonly is: 'set'; readonly lists: LogLists }
  | { readonly is: 'queue'; readonly lists: LogLists }
  | { readonly is: 'holds'; readonly leaseNs: number }
  | ({ readonly is: 'grants' } & Limited)
  | { readonly is: 'once'; readonly by: number; readonly known: Known }
  | ({ readonly is: 'transfers' } & TransferAccounts);

/**
 * Whether a contradiction really is one: checked again from its own operations and the sums that it claims, using none of the code that
 * found it.
 *
 * @param history of one key
 */
export const checkCertificate = (history: History, known: Known, subject: Subject, finding: Contradiction): boolean => {
  if (subject.is === 'values' || subject.is === 'versions')
    return isRegisterFinding(history, known, finding, subject.is === 'versions');
  if (subject.is === 'amounts') return isAmountFinding(history, known, finding);
  if (subject.is === 'issued') return isIssueFinding(history, known, finding);
  if (subject.is === 'holds') return isHoldFinding(history, finding, subject.leaseNs);
  if (subject.is === 'grants') return isGrantFinding(history, known, finding, subject);
  if (subject.is === 'once') return isOnceFinding(history, subject.known, finding, subject.by);
  if (subject.is === 'session') return isSessionFinding(history, known, finding);
  if (subject.is === 'refusals') return isRefusalFinding(history, known, finding, subject.by);
  if (subject.is === 'set') return isSetFinding(history, finding, subject.lists);
  if (subject.is === 'queue') return isQueueFinding(history, finding, subject.lists);
  if (subject.is === 'transfers') return isTransferFinding(history, known, finding, subject);
  return (
    isLogFinding(history, known, finding, subject.lists) ||
    isLevelFinding(history, lengthsOf(history, known, subject.lists.final), finding)
  );
};

const isAmountFinding = (history: History, known: Known, finding: Contradiction): boolean => {
  const amounts = amountsOf(history, known);
  return isSumFinding(history, amounts, finding) || isLevelFinding(history, amounts, finding);
};
