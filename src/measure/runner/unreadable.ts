import { writeJson } from '../../core/exact/write.ts';
import { STATUS_CODES } from 'node:http';
import type { FinalRead, Mode, RequestStep } from '../../core/plan/plan.ts';
import type { FailureClass } from '../../core/recording/failure.ts';
import { requestsOf } from '../../core/plan/plan.ts';
import { headerOf } from '../iteration/read/scope.ts';
import type { Exchange } from '../user.ts';

/** When values are read, or an invariant is asked: before the load, after it, or by an observer in between. */
export type Phase = 'initial read' | 'final read' | 'observer';

/** Why a value could not be read, and how to fix it. */
export interface Unreadable {
  readonly problem: string;
  readonly hint: string;
}

/** What was asked, and when. */
export interface AskedPlace {
  readonly mode: Mode;
  readonly phase: Phase;
  readonly request: RequestStep;
  /** Template of the keys whose values are read; absent if an invariant is asked. */
  readonly key?: string;
}

/** Which read, and when. */
export interface ReadPlace {
  readonly mode: Mode;
  readonly read: FinalRead;
  readonly phase: Phase;
}

/** The key under `consistency:` that defines what is asked. */
const sectionOf = ({ key }: Pick<AskedPlace, 'key'>): string => (key === undefined ? 'invariant' : 'read');

/** A template of the request has no value to send. @param why begins with the name of the request */
export const unsendable = (why: string, phase: Phase): Unreadable => ({
  problem: why.replace(`${phase}: `, ''),
  hint: 'Check what "login:" and "before:" capture for the read.',
});

/** The request failed without an answer. */
export const unanswered = (failure: FailureClass, detail: string, place: Pick<AskedPlace, 'key'>): Unreadable => ({
  problem: failure === 'aborted' ? 'interrupted' : detail,
  hint:
    (failure === 'protocol'
      ? `Is the answer at that path what "${sectionOf(place)}:" under "consistency:" means?`
      : ofFailure[failure]) ?? 'The target no longer answers. Did it exit? Its log may say why.',
});

const ofFailure: { readonly [failure in FailureClass]?: string } = {
  aborted: '',
  timeout: 'Is the target overloaded, or does the read take that long? timeouts: { request: 30s } allows more time.',
  generator: 'The problem is on this machine, not at the target.',
};

/** The answer has a status that means there is no value in it; `undefined` if it has not. */
export const refusedBy = ({ status, head }: Exchange, place: AskedPlace): Unreadable | undefined => {
  if (status < 300) return undefined;
  const problem = [status, STATUS_CODES[status]].filter((part) => part !== undefined).join(' ');
  if (status >= 400) return { problem, hint: hintOf(status, place) };
  const [to] = (headerOf(head, 'location') ?? '').split(/[?#]/u);
  return {
    problem: to === undefined || to === '' ? problem : `${problem}, a redirect to ${to}`,
    hint: `Redirects are only followed with "redirects: 5". If it leads to a login: ${loginOf(place)}`,
  };
};

const loginOf = (place: AskedPlace): string => {
  const section = sectionOf(place);
  return `what "login:" or "before:" captures is known to "auth:", "headers:" and "${section}:", and ${section}: { auth: … } gives the ${nounOf(place)} its own credentials.`;
};

const nounOf = ({ key }: AskedPlace): string => (key === undefined ? 'question' : 'read');

const hintOf = (status: number, place: AskedPlace): string => {
  if (status === 401 || status === 403) return hintOfLogin(place);
  if (status === 408 || status === 429)
    return 'Values are read by as many at a time as there are users. Allow more requests there, or use fewer users or keys.';
  if (status >= 500) return 'The target itself failed: its log says why.';
  if (status === 404 || status === 410)
    return place.key === undefined
      ? 'Check the path in "invariant:" under "consistency:", and that it exists when "before:" is done.'
      : `Check the path in "read:" under "consistency:", and that it exists for every value of the key ${place.key}.`;
  const section = sectionOf(place);
  return `Check the path in "${section}:" under "consistency:", and what the target requires there: ${section}: { headers: … } sends more.`;
};

const hintOfLogin = (place: AskedPlace): string => {
  const { mode, request, phase } = place;
  const [section, noun] = [sectionOf(place), nounOf(place)];
  const isSent = request.auth !== undefined || 'authorization' in request.headers || 'cookie' in request.headers;
  if (isSent || mode.cookies !== undefined)
    return phase === 'final read'
      ? `The ${noun} was let in before the load. Has its session ended, or does the same user log in somewhere else? ${section}: { auth: … } gives the ${noun} its own credentials.`
      : `The target does not let the ${noun} in with these credentials. May that user see this value? ${section}: { auth: … } gives the ${noun} its own credentials.`;
  const haveSteps = requestsOf(mode.steps).some(
    ({ auth, headers }) => auth !== undefined || 'authorization' in headers,
  );
  return haveSteps
    ? `The ${noun} does not use the credentials of the steps, which need names that it does not know, or belong to those steps: ${loginOf(place)}`
    : `The target requires credentials: ${loginOf(place)}`;
};

/** The body is not JSON, although the value is a part of it. */
export const noJson = (why: string, { head }: Exchange, place: Pick<AskedPlace, 'key'>): Unreadable => ({
  problem: `the body is not JSON: ${why}`,
  hint: `Check the path in "${sectionOf(place)}:" under "consistency:"; the answer there says that it is ${headerOf(head, 'content-type') ?? 'of no type'}.`,
});

const wanted = { number: 'number', scalar: 'single value', list: 'list' } as const;

/**
 * The expression gives something other than what the model needs.
 *
 * @param found `undefined` if nothing is there
 */
export const unfit = ({ value, kind }: FinalRead, found: unknown, body: unknown): Unreadable => {
  const problem = `${value} is not a ${wanted[kind]} in the answer`;
  if (found === undefined) return { problem: `${problem}: it is not there`, hint: hintOfValue(body) };
  const isNumber =
    kind === 'number' && typeof found === 'string' && found.trim() !== '' && Number.isFinite(Number(found));
  return {
    problem: `${problem}, but ${shown(found)}`,
    hint: isNumber ? `A number in quotes is text: "value: number(${value})" converts it.` : hintOfValue(body),
  };
};

/** An answer that the expressions of an invariant cannot judge. */
export const untold = (why: string): Unreadable => ({
  problem: why,
  hint: 'Check "that:" of "invariant:" under "consistency:" against an answer: it must be true or false. Give a value that may be missing a default: body.total ?? 0.',
});

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
