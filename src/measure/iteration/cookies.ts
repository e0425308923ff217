import type * as tough from 'tough-cookie';
import { loadOptional } from '../../core/optional-package.ts';
import type { Origin } from '../transport/connect/origin.ts';
import { asTarget } from '../transport/target.ts';
import type { RequestParts } from '../transport/transport.ts';
import { addressOf, type Prepare } from './redirect.ts';
import type { After, User } from '../user.ts';

type Package = typeof tough;

const importJars = async (): Promise<Package> => import('tough-cookie');

/**
 * Loads the package that keeps cookies.
 *
 * @throws {ContendError} ERR_MISSING_PACKAGE
 */
export const loadJars = (load: typeof importJars = importJars): Promise<Package> =>
  loadOptional(load, { user: 'cookies: true', name: 'tough-cookie' });

/** The cookies of users, by their numbers. */
export type Jars = (tough.CookieJar | undefined)[];

/**
 * Prepares requests that carry a user's cookies and keep those that the answers set: a jar for each user.
 *
 * @param prepare the transport's own way
 * @param jars the jars of users that already have cookies; kept up to date
 * @cost tens of µs a request: cookies are matched and written each time, as RFC 6265 says
 */
export const withCookies = (prepare: Prepare, origin: Origin, { CookieJar }: Package, jars: Jars): Prepare => {
  const target = addressOf(origin);
  const jarOf = ({ cookiesOf }: User): tough.CookieJar => (jars[cookiesOf] ??= new CookieJar());
  return (parts) => {
    const address = (user: User): string => {
      const path = typeof parts.path === 'string' ? parts.path : parts.path(user);
      return new URL(asTarget(parts.isWholePath === true ? path : origin.base + path), target).href;
    };
    const cookie = (user: User): string => jarOf(user).getCookieStringSync(address(user));
    const own = parts.headers.find(([name]) => name.toLowerCase() === 'cookie')?.[1];
    const headers = own === undefined ? parts.headers : parts.headers.filter(([, value]) => value !== own);
    const value =
      own === undefined ? cookie : (user: User) => beside(typeof own === 'string' ? own : own(user), cookie(user));
    const send = prepare({ ...parts, headers, keep: keeping(parts.keep), optional: [['cookie', value]] });
    return (user, answered = completed) =>
      send(user, (answeredUser) => {
        const { head, failure } = answeredUser.exchange;
        // An invalid cookie, or one not for this target, is not kept: browsers do the same.
        if (failure === undefined) {
          for (const text of setCookiesIn(head)) {
            jarOf(answeredUser).setCookieSync(text, address(answeredUser), { ignoreError: true });
          }
        }
        return answered(answeredUser);
      });
  };
};

/** A step's own cookies, and those of the jar that have other names. */
const beside = (own: string, kept: string): string => {
  const names = new Set(own.split(';').map(nameOf));
  return [own, ...kept.split('; ').filter((pair) => pair !== '' && !names.has(nameOf(pair)))].join('; ');
};

const nameOf = (pair: string): string => pair.split('=')[0]!.trim();

/** The cookies that iterations begin with: those that the user's login was given, and none of the previous iteration's. */
export interface FreshJars {
  /** Gives a user the cookies that it begins with. */
  begin(user: User): void;
  /** A user has logged in: from now on it begins with the cookies that it has now. */
  loggedIn(user: User): void;
}

/** @param hasLogin whether there is a login; before it is over there are no cookies to begin with */
export const freshJars = (jars: Jars, hasLogin: boolean): FreshJars => {
  // By user.
  const given: (tough.CookieJar | undefined)[] = [];
  const isIn: boolean[] = [];
  return {
    begin: ({ cookiesOf: at }) => {
      if (!hasLogin || isIn[at] === true) jars[at] = given[at]?.cloneSync();
    },
    loggedIn: ({ cookiesOf: at }) => {
      isIn[at] = true;
      given[at] = jars[at]?.cloneSync();
    },
  };
};

const completed: After = () => 'completed';

const keeping = (keep: RequestParts['keep']): RequestParts['keep'] => (keep === 'status' ? 'head' : keep);

const setCookiesIn = (head: string): readonly string[] =>
  head.includes('\r\nset-cookie: ')
    ? head.split('\r\n').flatMap((line) => (line.startsWith('set-cookie: ') ? [line.slice(12)] : []))
    : [];
