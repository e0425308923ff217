import type { Draft, DraftRequest } from '../draft.ts';
import { hoisted } from '../hoist.ts';
import { newNames, type Names } from '../names.ts';
import { newRoom } from '../room.ts';
import { newEnvironment } from '../secrets.ts';
import { oneLine, told } from '../text.ts';
import { newAnswers } from './answers.ts';
import { newCarrier } from './carry.ts';
import { headerOf, type Exchange } from './exchange.ts';
import { requestOf } from './request.ts';

/** A recording, of one origin alone. */
export interface Recording {
  readonly title: string;
  readonly exchanges: readonly Exchange[];
  /** What was left out before, a line each. */
  readonly notes: readonly string[];
  /** Certificates were not verified. */
  readonly isInsecure?: boolean;
  /** HTTP/2 was asked for. */
  readonly isHttp2?: boolean;
}

/** More steps than this are no journey of a user. */
const mostSteps = 100;
const longestAddress = 4000;

/**
 * Requests that were sent one after the other as a draft: what an answer gave and a later request sent is captured, what is secret
 * is read from the environment, a login is done once by each user.
 */
export const draftRecorded = ({
  title,
  exchanges,
  notes,
  isInsecure = false,
  isHttp2 = false,
}: Recording): { readonly draft: Draft; readonly names: Names } => {
  const counted = new Map<string, number>();
  const note = (text: string): void => void counted.set(text, (counted.get(text) ?? 0) + 1);
  const sized = exchanges.filter(({ url, where }) => {
    const fits = url.href.length <= longestAddress;
    if (!fits) note(`${where}: its address, which is longer than ${longestAddress} characters`);
    return fits;
  });
  const kept = sized.slice(0, mostSteps);
  if (sized.length > kept.length)
    note(`the last ${sized.length - kept.length} requests: a scenario of ${mostSteps} is long enough`);
  const cookies = kept.some(
    ({ answer }) => answer !== undefined && headerOf(answer.headers, 'set-cookie') !== undefined,
  );
  if (cookies) tellCookies(kept, note);
  // What is secret somewhere is secret everywhere, under harmless names, too: which values that are is known at the end.
  const { environment: before } = madeOf(kept, cookies, () => undefined, new Map());
  const { made, answers, carrier, environment, names } = madeOf(kept, cookies, note, before.values);
  const all = made.map((request, at): DraftRequest => ({ ...request, capture: answers.capturesOf(at) }));
  const from = loginEnd(kept);
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
      cookies,
      ...(auth === undefined ? {} : { auth }),
      data: carrier.data,
      login: requests.slice(0, from),
      steps: requests.slice(from),
      rest: [],
      notes: told(
        [...notes, ...[...counted].map(([text, times]) => (times === 1 ? text : `${text} (${times} times)`))],
        100,
      ).map((line) => oneLine(line, 300)),
    },
  };
};

/** @param secrets names of values that are known to be secret */
const madeOf = (
  exchanges: readonly Exchange[],
  cookies: boolean,
  note: (text: string) => void,
  secrets: ReadonlyMap<string, string>,
) => {
  const names = newNames();
  const environment = newEnvironment(secrets);
  const answers = newAnswers(names);
  const carrier = newCarrier(answers, environment, names);
  const room = newRoom();
  const made = exchanges.map((exchange) => {
    const request = requestOf(exchange, { carrier, environment, names, room, cookies, note });
    answers.add(exchange);
    return request;
  });
  return { made, answers, carrier, environment, names };
};

/** A jar sends only what it was given: a cookie from before the recording is missing. */
const tellCookies = (exchanges: readonly Exchange[], note: (text: string) => void): void => {
  const given = new Set<string>();
  for (const { headers, answer } of exchanges) {
    for (const pair of headerOf(headers, 'cookie')?.split(';') ?? []) {
      const name = pair.split('=')[0]!.trim();
      if (name !== '' && !given.has(name)) note(`the cookie ${oneLine(name, 60)}, which no recorded answer has set`);
    }
    for (const [name, value] of answer?.headers ?? [])
      if (name.toLowerCase() === 'set-cookie')
        for (const line of value.split('\n')) given.add(line.split('=')[0]!.trim());
  }
};

/** How many requests belong to the login: all up to the first one that sends a password, if others follow it. */
const loginEnd = (exchanges: readonly Exchange[]): number => {
  const at = exchanges.findIndex(
    ({ method, url, body }) =>
      method === 'post' &&
      (hasPassword(body) ||
        /\/(?:log-?in|sign-?in|sessions?|oauth2?\/token|authenticate|auth\/token)\/?$/i.test(url.pathname)),
  );
  const isLast = exchanges.length === at + 1;
  return at === -1 || isLast ? 0 : at + 1;
};

const hasPassword = (body: Exchange['body']): boolean => {
  if (body?.kind === 'form') return body.fields.some(([name]) => /passw|^pwd$/i.test(name));
  const isMap = body?.kind === 'json' && typeof body.value === 'object' && body.value !== null;
  return isMap && Object.keys(body.value).some((name) => /passw|^pwd$/i.test(name));
};
