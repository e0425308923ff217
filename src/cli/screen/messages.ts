import type { WatchData } from '../../core/watch.ts';
import type { Key } from './keys.ts';

/** Columns and lines of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What does not change while a run is on display. */
export interface Shown {
  /** The scenario's title, safe to print. */
  readonly title: string;
  readonly color: boolean;
  /** The number of planned users, if keys may add and remove some. */
  readonly users?: number;
  /** Whether there is a view in addition to the line, which a key opens. */
  readonly isLive: boolean;
}

/** What the thread of a screen is started with. */
export interface ScreenData extends Shown {
  readonly watch: WatchData;
  readonly size: Size;
  /** Zero of the run's clock, in ns of the clock that all threads of the process share. */
  readonly epochNs: bigint;
  /** See {@link Gate}. */
  readonly gate: SharedArrayBuffer;
}

/** The messages to a screen. */
export type ToScreen =
  | { readonly kind: 'size'; readonly size: Size }
  | { readonly kind: 'key'; readonly key: Key }
  /** Removes what is shown, and reports when it is gone. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'return' };

/** The messages from a screen. */
export type FromScreen = { readonly kind: 'gone' };
