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
  /** Of the scenario, safe to print. */
  readonly title: string;
  /** The modes' names, in the order of the watch, safe to print. */
  readonly modes: readonly string[];
  /** How many users are planned, where keys may add and take some. */
  readonly users?: number;
  readonly color: boolean;
  /** The view, instead of the line: only where there is room for it and somebody to look. */
  readonly isLive: boolean;
  /** Called for every key, so that the run does what is its part of it. */
  readonly onKey: (key: Key) => void;
}

/** Progress that is being shown. */
export interface Progress {
  /** Takes away what is shown and leaves the terminal as it was; may be called twice. */
  stop(): Promise<void>;
  /** Does at once what can be done at once: the process ends. */
  abandon(): void;
}

/**
 * Shows how far a run is: on a terminal by a thread of its own, elsewhere as a line of text every few seconds.
 *
 * Nothing of it keeps the process alive.
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
  /** It is being taken away, and nothing else is to happen to it. */
  #isOver = false;
  /** The terminal is as it was before. */
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
    // A report follows on the same terminal, and waits for it, too.
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
    // In the background the terminal is another's.
    if (!this.#options.host.terminal.isForeground()) {
      setTimeout(() => this.#resume(), lookAgainMs).unref();
      return;
    }
    this.#listen();
    this.#screen.tell({ kind: 'size', size: this.#size() });
    this.#screen.tell({ kind: 'return' });
  }

  /** Without the thread the run goes on, and tells how far it is as it does where there is no terminal. */
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

/** Whether a shell has brought the run back into the foreground. */
const lookAgainMs = 1000;
