import { writeJson } from '../../core/exact/write.ts';
import { STATUS_CODES } from 'node:http';
import type { FinalRead, Mode } from '../../core/plan/plan.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import { requestsOf } from '../../core/plan/plan.ts';
import { headerOf } from '../iteration/scope.ts';
import type { Exchange } from '../user.ts';

/** When values are read: before the load, or after it. */
export type Phase = 'initial read' | 'final read';

/** Why a value could not be read, and how to mend it. */
export interface Unreadable {
  readonly problem: string;
  readonly hint: string;
}

/** Of which read, and when. */
export interface ReadPlace {
  readonly mode: Mode;
  readonly read: FinalRead;
  readonly phase: Phase;
}

/** A template of the request has no value that could be sent. @param why begins with the name of the request */
export const unsendable = (why: string, phase: Phase): Unreadable => ({
  problem: why.replace(`${phase}: `, ''),
  hint: 'Check what "login:" and "before:" capture for the read.',
});

/** The request failed without an answer. */
export const unanswered = (failure: FailureClass, detail: string): Unreadable => ({
  problem: failure === 'aborted' ? 'interrupted' : detail,
  hint: ofFailure[failure] ?? 'The target does not answer any more. Has it ended? Its own log may say why.',
});

const ofFailure: { readonly [failure in FailureClass]?: string } = {
  aborted: '',
  timeout: 'Is the target overloaded, or does the read take that long? timeouts: { request: 30s } allows for more.',
  protocol: 'Is what answers at that path what "read:" under "consistency:" means?',
  generator: 'It is this machine that cannot go on, not the target.',
};

/** The answer has a status by which there is no value in it; undefined: it has not. */
export const refusedBy = ({ status, head }: Exchange, place: ReadPlace): Unreadable | undefined => {
  if (status < 300) return undefined;
  const problem = [status, STATUS_CODES[status]].filter((part) => part !== undefined).join(' ');
  if (status >= 400) return { problem, hint: hintOf(status, place) };
  const [to] = (headerOf(head, 'location') ?? '').split(/[?#]/u);
  return {
    problem: to === undefined || to === '' ? problem : `${problem}, a redirect to ${to}`,
    hint: `A redirect is followed where "redirects: 5" says so. If it leads to a login: ${login}`,
  };
};

const login =
  'what "login:" or "before:" captures is known to "auth:", "headers:" and "read:", and read: { auth: … } gives the read credentials of its own.';

const hintOf = (status: number, place: ReadPlace): string => {
  if (status === 401 || status === 403) return hintOfLogin(place);
  if (status === 408 || status === 429)
    return 'Values are read by as many at a time as there are users. Allow for more requests there, or use fewer users or keys.';
  if (status >= 500) return 'The target itself failed: its own log says why.';
  if (status === 404 || status === 410)
    return `Check the path in "read:" under "consistency:", and that there is something at it for every value of the key ${place.read.key}.`;
  return 'Check the path in "read:" under "consistency:", and what the target wants there: read: { headers: … } sends more.';
};

const hintOfLogin = ({ mode, read: { request }, phase }: ReadPlace): string => {
  const isSent = request.auth !== undefined || 'authorization' in request.headers || 'cookie' in request.headers;
  if (isSent || mode.cookies === true)
    return phase === 'final read'
      ? 'The read was let in before the load. Has its session ended, or does the same user log in somewhere else? read: { auth: … } gives the read credentials of its own.'
      : 'The target does not let the read in with these credentials. May that user see this value? read: { auth: … } gives the read credentials of its own.';
  const haveSteps = requestsOf(mode.steps).some(
    ({ auth, headers }) => auth !== undefined || 'authorization' in headers,
  );
  return haveSteps
    ? `The read goes without the credentials of the steps, which need names that it does not know, or belong to those steps: ${login}`
    : `The target wants to know who asks: ${login}`;
};

/** The body is no JSON, although the value is a part of it. */
export const noJson = (why: string, { head }: Exchange): Unreadable => ({
  problem: `the body is no JSON: ${why}`,
  hint: `Check the path in "read:" under "consistency:"; what answers there says that it is ${headerOf(head, 'content-type') ?? 'of no type'}.`,
});

const wanted = { number: 'number', scalar: 'single value', list: 'list' } as const;

/**
 * The expression gives something else than the model needs.
 *
 * @param found undefined: nothing is there
 */
export const unfit = ({ value, kind }: FinalRead, found: unknown, body: unknown): Unreadable => {
  const problem = `${value} is no ${wanted[kind]} in the answer`;
  if (found === undefined) return { problem: `${problem}: it is not there`, hint: hintOfValue(body) };
  const isNumber =
    kind === 'number' && typeof found === 'string' && found.trim() !== '' && Number.isFinite(Number(found));
  return {
    problem: `${problem}, but ${shown(found)}`,
    hint: isNumber
      ? `A number in quotes is a text: "value: number(${value})" makes a number of it.`
      : hintOfValue(body),
  };
};

/** The expression cannot be evaluated. */
export const unevaluated = (why: string, body: unknown): Unreadable => ({ problem: why, hint: hintOfValue(body) });

const hintOfValue = (body: unknown): string => {
  const keys = typeof body === 'object' && body !== null && !Array.isArray(body) ? Object.keys(body) : [];
  const told = keys.length === 0 ? '' : `; the answer has ${keys.slice(0, 8).join(', ')}${keys.length > 8 ? ' …' : ''}`;
  return `Check the expression in "value:" of "read:" under "consistency:"${told}.`;
};

const shown = (value: unknown): string => {
  const text = value === undefined ? 'nothing' : writeJson(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
};
