import { carriedOut, type Die, type Done, type Drawn, spoiled } from '../draw.ts';
import { type Before, type Deed, hasOrder } from '../orders.ts';
import type { Kind } from '../trial.ts';

/** What is held in a trial, and how. */
interface Manner {
  readonly names: number;
  /** Releases come from anybody, and not from the holder alone. */
  readonly isAnybodys?: boolean;
  readonly tokens?: 'all' | 'most';
  /** Of a lease, in ns. */
  readonly leaseNs?: number;
}

interface Hold {
  readonly session: number;
  readonly token: number;
  readonly until: number;
}

const drawHolds =
  ({ names, isAnybodys = false, tokens, leaseNs = Infinity }: Manner) =>
  (die: Die): Drawn => {
    const held = new Map<number, Hold>();
    const believed = new Map<number, { readonly name: number; readonly token: number }>();
    let latest = 10;
    // Some give away what is held.
    const isCareless = die(3) > 0;
    const isAllTold = die(2) === 0;
    const isTold = (): boolean => tokens === 'all' || (tokens === 'most' && (isAllTold || die(3) > 0));
    const act = (session: number, call: number, now: number): Done => {
      const status = (['ok', 'ok', 'ok', 'ok', 'info', 'fail'] as const)[die(6)]!;
      const own = believed.get(session);
      if (own !== undefined && die(4) > 0) {
        const { name, token } = own;
        if (status !== 'fail') believed.delete(session);
        const effect = (): void => {
          const hold = held.get(name);
          if (
            hold !== undefined &&
            (isAnybodys || (tokens === undefined ? hold.session === session : hold.token === token))
          )
            held.delete(name);
        };
        if (status === 'ok') effect();
        return { f: 'release', status, value: name, ...(isTold() && { version: token }), effect };
      }
      const name = 1 + die(names);
      if (isAnybodys && die(6) === 0) {
        const effect = (): void => void held.delete(name);
        if (status === 'ok') effect();
        return { f: 'release', status, value: name, effect };
      }
      const other = held.get(name);
      const isFree = other === undefined || (now >= other.until && die(2) === 0);
      if ((!isFree && !(isCareless && die(2) === 0)) || status === 'fail')
        return { f: 'acquire', status: 'fail', value: name };
      const token = ++latest;
      const effect = (): void => {
        if (status === 'ok' || !held.has(name)) held.set(name, { session, token, until: call + leaseNs });
      };
      if (status === 'info') return { f: 'acquire', status, value: name, effect };
      effect();
      believed.set(session, { name, token });
      return { f: 'acquire', status, value: name, ...(isTold() && { version: token }) };
    };
    const deeds = carriedOut(die, 7, act);
    return spoiled(die, { deeds, initial: NaN, final: NaN }, [0, 1, 2, 3, 4, 6][die(6)]!);
  };

/** Of each name the grant that holds it, and the highest token so far. */
const isHeldByOne =
  ({ isAnybodys = false, leaseNs = Infinity }: Manner, areOrdered: boolean) =>
  ({ deeds }: Drawn, before: Before): boolean => {
    const events = deeds.filter(({ f, status }) => (f === 'acquire' ? status === 'ok' : status !== 'fail'));
    const byToken = events.every(({ version }) => version !== undefined);
    const done: Deed[] = deeds.filter(({ status }) => status !== 'fail');
    const grants = done.filter(({ f }) => f === 'acquire');
    // A lease lapses by itself, at any time from then on.
    const lapses = Number.isFinite(leaseNs)
      ? grants.map(({ call, value }, at): Deed => ({
          f: 'lapse',
          session: -1 - at,
          status: 'info',
          call: call + leaseNs,
          ret: call + leaseNs,
          operand: at,
          ...(value !== undefined && { value }),
        }))
      : [];
    const mayRelease = (release: Deed, grant: Deed): boolean => {
      if (isAnybodys) return true;
      if (!byToken) return release.session === grant.session;
      return grant.status === 'info' || release.version === grant.version;
    };
    return hasOrder<string>(
      [...done, ...lapses],
      {
        initials: [''],
        step: (state, deed) => {
          const places =
            state === '' ? [] : state.split(' ').map((one) => one.split(':').map(Number) as [number, number, number]);
          const name = deed.value ?? 0;
          const place = places.find(([of]) => of === name) ?? [name, -1, -Infinity];
          const [, held, latest] = place;
          const next = (to: number, token = latest): string =>
            [...places.filter((one) => one !== place), [name, to, token]]
              .toSorted((a, b) => a[0]! - b[0]!)
              .map((one) => one.join(':'))
              .join(' ');
          if (deed.f === 'lapse') return held === deed.operand ? next(-1) : state;
          if (deed.f === 'release') return held >= 0 && mayRelease(deed, grants[held]!) ? next(-1) : state;
          if (held >= 0) return undefined;
          const token = deed.status === 'ok' ? (deed.version ?? NaN) : NaN;
          if (token <= latest) return undefined;
          return next(grants.indexOf(deed), Number.isNaN(token) || !areOrdered ? latest : token);
        },
        mayEnd: () => true,
      },
      before,
    );
  };

const kindOf = (name: string, model: Kind['model'], manner: Manner, caught: Kind['caught']): Kind => ({
  name,
  model,
  // Without a clock a lease may have lapsed at any time.
  ...(manner.leaseNs !== undefined && { needsClock: true, terms: { leaseNs: manner.leaseNs } }),
  draw: drawHolds(manner),
  isLegal: isHeldByOne(manner, manner.tokens !== undefined),
  caught,
});

/** Seats, locks and leases. */
export const holdKinds: readonly Kind[] = [
  kindOf('seats', 'allocation', { names: 2, isAnybodys: true }, [0.5, 0.05]),
  kindOf('a seat that anybody gives back', 'allocation', { names: 1, isAnybodys: true }, [0.5, 0.05]),
  kindOf('lock', 'mutex', { names: 1 }, [0.5, 0.05]),
  kindOf('locks of several names', 'mutex', { names: 2 }, [0.5, 0.05]),
  kindOf('lock with tokens', 'mutex', { names: 1, tokens: 'all' }, [0.5, 0.05]),
  kindOf('locks with some tokens', 'mutex', { names: 2, tokens: 'most' }, [0.5, 0.05]),
  kindOf('lease', 'mutex', { names: 1, leaseNs: 8 }, [0.5, 0]),
  kindOf('lease with tokens', 'mutex', { names: 1, tokens: 'all', leaseNs: 8 }, [0.5, 0.05]),
];
