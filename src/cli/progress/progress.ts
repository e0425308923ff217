import type { Host } from '../../core/host.ts';
import type { Watch } from '../../core/watch.ts';
import { KeyReader, type Key } from '../screen/keys.ts';
import type { ScreenData, Size } from '../screen/messages.ts';
import { restored } from '../screen/painter.ts';
import { ScreenThread } from '../screen/thread.ts';
import { startLines } from './lines.ts';

/** What is shown of a run, and where. */
export interface ProgressOptions {
  readonly host: Host;
  /** The scenario's title, safe to print. */
  readonly title: string;
  /** The modes' names, in the order of the watch, safe to print. */
  readonly modes: readonly string[];
  /** The number of planned users, if keys may add and remove some. */
  readonly users?: number;
  readonly color: boolean;
  /** Whether to show the view instead of the line: only on a terminal with room for it. */
  readonly isLive: boolean;
  /** Called for every key, so that the run can act on it, too. */
  readonly onKey: (key: Key) => void;
}

/** The progress on display. */
export interface Progress {
  /** Removes what is shown and restores the terminal; may be called twice. */
  stop(): Promise<void>;
  /** Restores what can be restored synchronously, because the process is ending. */
  abandon(): void;
}

/**
 * Shows how far a run is: on a terminal from a thread of its own, elsewhere as a line of text every few seconds.
 *
 * It never keeps the process alive.
 */
export const startProgress = (watch: Watch, options: ProgressOptions): Progress => {
  const { host } = options;
  if (host.stderr.isTTY) return new OnTerminal(watch, options);
  const end = startLines(watch, host);
  return { stop: async () => Promise.resolve(end()), abandon: end };
};

const writeAtOnce = (host: Host, text: string): void => {
  const sink = host.terminal.openSink();
  sink.write(new TextEncoder().encode(text));
  sink.close();
};

class OnTerminal implements Progress {
  readonly #watch: Watch;
  readonly #options: ProgressOptions;
  readonly #screen: ScreenThread;
  readonly #listening: (() => void)[] = [];
  #endKeys: (() => void) | undefined;
  #endLines: (() => void) | undefined;
  /** Whether it is being removed, so that nothing else may happen to it. */
  #isOver = false;
  /** Whether the terminal has been restored. */
  #isGone = false;

  constructor(watch: Watch, options: ProgressOptions) {
    const { host, title, modes, users, color, isLive } = options;
    const { terminal } = host;
    this.#watch = watch;
    this.#options = options;
    const data: Omit<ScreenData, 'gate'> = {
      watch: { ...watch.data, modes },
      title,
      color,
      isLive,
      ...(users === undefined ? {} : { users }),
      size: this.#size(),
      epochNs: host.epochNs(),
    };
    this.#screen = new ScreenThread(data, (error) => this.#lost(error));
    this.#listening.push(
      terminal.onResize(() => this.#screen.tell({ kind: 'size', size: this.#size() })),
      terminal.onStop(
        async () => this.#suspend(),
        () => this.#resume(),
      ),
      terminal.onEnd(() => this.abandon()),
    );
    this.#listen();
  }

  async stop(): Promise<void> {
    if (this.#isOver) return;
    this.#isOver = true;
    const isGone = await this.#screen.leave();
    if (this.#isGone) return;
    this.#isGone = true;
    this.#screen.close();
    this.#endAll();
    // A report follows on the same terminal, and would wait for it, too.
    if (!isGone && this.#options.host.stdout.isTTY) this.#options.host.stderr.write(restored);
  }

  abandon(): void {
    if (this.#isGone) return;
    this.#isOver = true;
    this.#isGone = true;
    this.#screen.close();
    this.#endAll();
    writeAtOnce(this.#options.host, `\r\n${restored}`);
  }

  #listen(): void {
    const { isLive, host, onKey } = this.#options;
    if (!isLive) return;
    const reader = new KeyReader();
    this.#endKeys = host.terminal.onKeys((text) => {
      for (const key of reader.read(text)) {
        if (key === 'stop') host.terminal.stop();
        else {
          this.#screen.tell({ kind: 'key', key });
          onKey(key);
        }
      }
    }, restored);
  }

  #size(): Size {
    const { stderr, terminal } = this.#options.host;
    return { columns: stderr.columns() ?? 80, rows: terminal.rows() ?? 24 };
  }

  async #suspend(): Promise<void> {
    if (this.#isOver) return;
    await this.#screen.leave();
    this.#endKeys?.();
    this.#endKeys = undefined;
  }

  #resume(): void {
    if (this.#isOver) return;
    // In the background, the terminal belongs to another process.
    if (!this.#options.host.terminal.isForeground()) {
      setTimeout(() => this.#resume(), lookAgainMs).unref();
      return;
    }
    this.#listen();
    this.#screen.tell({ kind: 'size', size: this.#size() });
    this.#screen.tell({ kind: 'return' });
  }

  /** If the thread is lost, the run goes on and shows its progress as without a terminal. */
  #lost(error: Error): void {
    if (this.#isOver) return;
    const { host } = this.#options;
    host.stderr.write(`contend: the progress display failed: ${error.message}; the run goes on.\n`);
    this.#endLines = startLines(this.#watch, host);
  }

  #endAll(): void {
    for (const end of this.#listening.splice(0)) end();
    this.#endKeys?.();
    this.#endLines?.();
  }
}

/** The interval of checks whether a shell has brought the run back into the foreground. */
const lookAgainMs = 1000;
