import type { WatchData } from '../../core/watch.ts';
import type { Key } from './keys.ts';

/** Columns and lines of a terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What does not change while a run is shown. */
export interface Shown {
  /** Of the scenario, safe to print. */
  readonly title: string;
  readonly color: boolean;
  /** How many users are planned, where keys may add and take some. */
  readonly users?: number;
  /** Whether there is a view beside the line, which keys lead to. */
  readonly isLive: boolean;
}

/** What the thread of a screen is started with. */
export interface ScreenData extends Shown {
  readonly watch: WatchData;
  readonly size: Size;
  /** Zero of the run's clock, in ns of the clock that all threads of a process share. */
  readonly epochNs: bigint;
  /** See {@link Gate}. */
  readonly gate: SharedArrayBuffer;
}

/** The messages to a screen. */
export type ToScreen =
  | { readonly kind: 'size'; readonly size: Size }
  | { readonly kind: 'key'; readonly key: Key }
  /** Takes away what is shown, and says when it is gone. */
  | { readonly kind: 'leave' }
  | { readonly kind: 'return' };

/** What a screen tells. */
export type FromScreen = { readonly kind: 'gone' };
