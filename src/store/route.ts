/** What a path names. */
export type Route =
  | { readonly kind: 'reset' | 'products' | 'seats' | 'bookings' | 'accounts' | 'transfers' | 'stats' }
  | { readonly kind: 'product' | 'purchases' | 'seat' | 'seat-bookings' | 'account'; readonly id: number };

const whole: { readonly [path: string]: Route } = {
  '/reset': { kind: 'reset' },
  '/products': { kind: 'products' },
  '/seats': { kind: 'seats' },
  '/bookings': { kind: 'bookings' },
  '/accounts': { kind: 'accounts' },
  '/transfers': { kind: 'transfers' },
  '/stats': { kind: 'stats' },
};

const one: { readonly [path: string]: 'product' | 'purchases' | 'seat' | 'seat-bookings' | 'account' } = {
  'products': 'product',
  'products/purchases': 'purchases',
  'seats': 'seat',
  'seats/bookings': 'seat-bookings',
  'accounts': 'account',
};

const withId = /^\/(products|seats|accounts)\/([1-9]\d{0,14})(\/purchases|\/bookings)?$/;

/** What a request's path names, ignoring its query. `undefined` if it names nothing here. */
export const routeOf = (url: string): Route | undefined => {
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  const match = withId.exec(path);
  if (match === null) return Object.hasOwn(whole, path) ? whole[path] : undefined;
  const kind = one[`${match[1]}${match[3] ?? ''}`];
  return kind === undefined ? undefined : { kind, id: Number(match[2]) };
};
