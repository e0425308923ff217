import { isRead, type Draft, type DraftRequest } from '../draft.ts';
import { hoisted } from '../hoist.ts';
import { newNames, type Names } from '../names.ts';
import { newNotes, type Notes } from '../notes.ts';
import { newRoom } from '../room.ts';
import { newEnvironment } from '../secrets.ts';
import { oneLine } from '../text.ts';
import { newAnswers } from './answers.ts';
import { newCarrier } from './carry.ts';
import { cookieNotes } from './cookies.ts';
import { headerOf, type Exchange } from './exchange.ts';
import { requestOf } from './request.ts';

/** A recording of a single origin. */
export interface Recording {
  readonly title: string;
  readonly exchanges: readonly Exchange[];
  /** Already has the notes on what was left out before. */
  readonly notes: Notes;
  readonly settings?: Draft['settings'];
  /** Certificates were not verified. */
  readonly isInsecure?: boolean;
  /** HTTP/2 was requested. */
  readonly isHttp2?: boolean;
}

/** More steps than this are not a user's journey. */
const mostSteps = 100;
const longestAddress = 4000;

/**
 * A draft from requests that were sent one after the other. A value from an answer that a later request sent is captured, secrets
 * are read from the environment, and each user logs in once.
 */
export const draftRecorded = ({
  title,
  exchanges,
  notes,
  settings,
  isInsecure = false,
  isHttp2 = false,
}: Recording): { readonly draft: Draft; readonly names: Names } => {
  const sized = exchanges.filter(({ url, where }) => {
    const fits = url.href.length <= longestAddress;
    if (!fits) notes.left(`${where}: its address, which is longer than ${longestAddress} characters`);
    return fits;
  });
  const kept = sized.slice(0, mostSteps);
  if (sized.length > kept.length)
    notes.left(`the last ${sized.length - kept.length} requests: a scenario of ${mostSteps} is long enough`);
  const cookies = kept.some(
    ({ answer }) => answer !== undefined && headerOf(answer.headers, 'set-cookie') !== undefined,
  );
  if (cookies) cookieNotes(kept, notes);
  // A secret is secret everywhere, even under harmless names, and all secrets are known only at the end.
  const { environment: before } = madeOf(kept, cookies, newNotes(), new Map());
  const { made, answers, carrier, environment, names } = madeOf(kept, cookies, notes, before.values);
  const all = made.map((request, at): DraftRequest => ({ ...request, capture: answers.capturesOf(at) }));
  const from = loginEnd(kept);
  if (environment.isFull())
    notes.guessed('secrets beyond the first hundred: the last one that is declared stands for them all');
  const { auth, steps: requests } = hoisted(all);
  const { origin, hostname, protocol } = exchanges[0]!.url;
  return {
    names,
    draft: {
      title: oneLine(title),
      name: oneLine(hostname, 60),
      target: origin,
      targetComment: '→ where it is tested',
      secrets: environment.secrets,
      env: environment.env,
      isInsecure: isInsecure && protocol === 'https:',
      isHttp2: isHttp2 && protocol === 'https:',
      ...(settings === undefined ? {} : { settings }),
      cookies,
      ...(auth === undefined ? {} : { auth }),
      data: carrier.data,
      login: requests.slice(0, from),
      steps: requests.slice(from),
      rest: [],
      ...notes.told(),
    },
  };
};

/** @param secrets names of values that are known to be secret */
const madeOf = (
  exchanges: readonly Exchange[],
  cookies: boolean,
  notes: Notes,
  secrets: ReadonlyMap<string, string>,
) => {
  const names = newNames();
  const environment = newEnvironment(secrets);
  const answers = newAnswers(names);
  const carrier = newCarrier(answers, environment, names);
  const room = newRoom();
  const made = exchanges.map((exchange) => {
    const request = requestOf(exchange, { carrier, environment, names, room, cookies, notes });
    answers.add(exchange);
    return request;
  });
  return { made, answers, carrier, environment, names };
};

/** How many requests belong to the login: up to the last one that logs in, if it comes before all other writes and others follow it. */
const loginEnd = (exchanges: readonly Exchange[]): number => {
  const first = exchanges.findIndex(({ method }) => !isRead(method));
  if (first === -1 || !isLogin(exchanges[first]!)) return 0;
  let end = first + 1;
  while (end < exchanges.length && (isLogin(exchanges[end]!) || isSecondStep(exchanges[end]!))) end++;
  return end === exchanges.length ? 0 : end;
};

const isLogin = ({ method, url, body }: Exchange): boolean =>
  method === 'post' &&
  !namesIn(body).some((name) => /(?:new|old|current)[-_]?passw/i.test(name)) &&
  (namesIn(body).some((name) => /passw|^pwd$/i.test(name)) ||
    /\/(?:log-?in|sign-?in|sessions?|oauth2?\/token|authenticate|auth\/token)\/?$/i.test(url.pathname));

const isSecondStep = ({ method, url }: Exchange): boolean =>
  method === 'post' && /\/(?:mfa|otp|totp|2fa|token)(?:\/\w+)?\/?$/i.test(url.pathname);

const namesIn = (body: Exchange['body']): readonly string[] => {
  if (body?.kind === 'form') return body.fields.map(([name]) => name);
  return body?.kind === 'json' && typeof body.value === 'object' && body.value !== null ? Object.keys(body.value) : [];
};
