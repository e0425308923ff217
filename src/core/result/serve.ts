/** A target that contend started itself. */
export interface ServeResult {
  /** `serve-1`, `serve-2` …: its log is `serve-1.log`. */
  readonly name: string;
  /** The modes that asked it. */
  readonly modes: readonly string[];
  /** As somebody would type it. */
  readonly command: string;
  /** What was run once before; absent: nothing. */
  readonly setup?: string;
  /** Where it was started, from the folder of the scenario; absent: there. */
  readonly cwd?: string;
  /** What it was started from; absent: the files as they were. `commit`: `null` where it did not come to that. */
  readonly git?: { readonly ref: string; readonly commit: string | null };
  /** Why nobody could tell what it used; absent: it could be told. */
  readonly unmeasured?: string;
}

/** The name of the file that the output of such a target is in. */
export const logNameOf = (name: string): string => `${name}.log`;
