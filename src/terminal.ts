import { spawn, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import process from 'node:process';
import { isatty, WriteStream } from 'node:tty';
import type { TerminalSink, Terminal } from './core/terminal.ts';

/** The terminal of this process, on its standard error and standard input. */
export const processTerminal = (): Terminal => ({
  isKeyboard: isatty(0),
  isForeground,
  rows: () => process.stderr.rows || undefined,
  onResize: (then) => {
    process.stderr.on('resize', then);
    return () => void process.stderr.off('resize', then);
  },
  onKeys: (then, restored) => {
    const { stdin } = process;
    const listener = (bytes: Buffer): void => then(bytes.toString('utf8'));
    const settings = settingsOfKeyboard();
    stdin.setRawMode(true).on('data', listener).resume().unref();
    const release = settings === undefined ? undefined : keepSettings(settings, restored);
    return () => {
      stdin.off('data', listener).pause();
      stdin.setRawMode(false);
      release?.();
    };
  },
  onStop: (before, after) => {
    if (process.platform === 'win32') return () => undefined;
    const stopped = async (): Promise<void> => {
      await before();
      process.once('SIGCONT', after);
      process.kill(process.pid, 'SIGSTOP');
    };
    const listener = (): void => void stopped();
    process.on('SIGTSTP', listener);
    return () => void process.off('SIGTSTP', listener).off('SIGCONT', after);
  },
  // To the whole group, as the terminal does, so that everything started with it stops, too.
  stop: () => void process.kill(0, 'SIGTSTP'),
  onEnd: (then) => {
    const hungUp = (): void => {
      then();
      process.off('SIGHUP', hungUp);
      process.kill(process.pid, 'SIGHUP');
    };
    process.on('exit', then);
    if (process.platform !== 'win32') process.on('SIGHUP', hungUp);
    return () => void process.off('exit', then).off('SIGHUP', hungUp);
  },
  openSink: openTerminal,
});

/** The terminal's settings, in the format of `stty`; `undefined` if there is no terminal. */
const settingsOfKeyboard = (): string | undefined => {
  if (process.platform === 'win32') return undefined;
  const { status, stdout } = spawnSync('stty', ['-g'], { stdio: [0, 'pipe', 'ignore'], encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
};

/**
 * A shell that waits on a pipe, which closes however the process at its other end goes. Unless a line arrives before that, it
 * restores the terminal, except if another process has changed the settings meanwhile, as an interactive shell does.
 */
const keeper =
  'raw=$(stty -g <&3); read -r _ || { printf "\\r\\n%s" "$2" >&3; [ "$(stty -g <&3)" != "$raw" ] || stty "$1" <&3; }';

/** Has the terminal restored if this process is killed and cannot do it itself; returns a function that ends that. */
const keepSettings = (settings: string, restored: string): (() => void) => {
  // In its own session, so that no key of the terminal reaches it.
  const stdio = ['pipe', 'ignore', 'ignore', 0] as const;
  const child = spawn('sh', ['-c', keeper, 'sh', settings, restored], { detached: true, cwd: '/', stdio: [...stdio] });
  // If it fails, everything else goes on.
  child.on('error', () => undefined).unref();
  child.stdin?.on('error', () => undefined);
  return () => void child.stdin?.end('\n');
};

/**
 * Opens the terminal of standard error a second time, so that writes do not block, while other writes to standard error still do.
 * If that is not possible, a write blocks as long as the terminal does.
 */
export const openTerminal = (): TerminalSink => {
  const fd = openAnew();
  if (fd !== undefined) return { write: (bytes) => writtenTo(fd, bytes), close: () => closeSync(fd) };
  const stream = new WriteStream(2);
  return {
    write: (bytes) => {
      stream.write(bytes);
      return bytes.length;
    },
    close: () => void stream.destroy(),
  };
};

const openAnew = (): number | undefined => {
  const path = { linux: '/proc/self/fd/2', win32: undefined }[process.platform as string] ?? '/dev/tty';
  if (process.platform === 'win32') return undefined;
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    // It belongs to another user, as after `su`, or this session has no terminal.
    return undefined;
  }
};

const writtenTo = (fd: number, bytes: Uint8Array): number => {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EAGAIN' || code === 'EINTR') return 0;
    // The terminal is gone, so the rest can be dropped.
    return bytes.length;
  }
};

/** Whether keys of the terminal go to this process: it is not in the background. */
const isForeground = (): boolean => {
  try {
    const [, , group, , , foreground] = readFileSync('/proc/self/stat', 'latin1')
      .replace(/^.*\) /su, '')
      .split(' ');
    return foreground === '-1' || group === foreground;
  } catch {
    // Not on Linux: there is no way to know.
    return true;
  }
};
