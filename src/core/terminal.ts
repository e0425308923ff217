/** A way to a terminal on which nobody waits. */
export interface TerminalSink {
  /** Writes as much as the terminal takes now, and gives how many bytes that was: 0 while it is stopped. */
  write(bytes: Uint8Array): number;
  close(): void;
}

/** What a command may do with a terminal beside writing lines to it. Functions that listen give back one that ends it. */
export interface Terminal {
  /** Standard input is a terminal, too: keys can be read. */
  readonly isKeyboard: boolean;
  /** False: a shell has put the process into the background, and its keys are another's. */
  isForeground(): boolean;
  /** Height of standard error in lines; undefined where it is no terminal. */
  rows(): number | undefined;
  onResize(then: () => void): () => void;
  /**
   * Keys one by one, as they are pressed: none is shown, and none makes a signal of itself.
   *
   * @param restored what is written to the terminal where the process is killed before that ends
   */
  onKeys(then: (text: string) => void, restored: string): () => void;
  /** SIGTSTP, as of Ctrl-Z: calls `before`, stops the process when that has ended, and calls `after` when it goes on. */
  onStop(before: () => Promise<void>, after: () => void): () => void;
  /** What Ctrl-Z does where keys make signals. */
  stop(): void;
  /** However the process ends, short of being killed: the last moment for what is done at once. */
  onEnd(then: () => void): () => void;
  openSink(): TerminalSink;
}
