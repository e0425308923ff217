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
export type Jars = tough.CookieJar[];

/**
 * Prepares requests that carry a user's cookies, and keep those that the answers set: a jar for each user.
 *
 * @param prepare the transport's own way
 * @param jars those of users who have been given cookies already; kept up to date
 * @cost tens of µs a request: cookies are matched and written anew each time, as RFC 6265 says
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
    const send = prepare({ ...parts, keep: keeping(parts.keep), optional: [['cookie', cookie]] });
    return (user, answered = completed) =>
      send(user, (answeredUser) => {
        const { head, failure } = answeredUser.exchange;
        // What is no cookie, or not for this target, is not kept: that is a browser's answer to it, too.
        if (failure === undefined) {
          for (const text of setCookiesIn(head)) {
            jarOf(answeredUser).setCookieSync(text, address(answeredUser), { ignoreError: true });
          }
        }
        return answered(answeredUser);
      });
  };
};

const completed: After = () => 'completed';

const keeping = (keep: RequestParts['keep']): RequestParts['keep'] => (keep === 'status' ? 'head' : keep);

const setCookiesIn = (head: string): readonly string[] =>
  head.includes('\r\nset-cookie: ')
    ? head.split('\r\n').flatMap((line) => (line.startsWith('set-cookie: ') ? [line.slice(12)] : []))
    : [];
