import { HistoryBuilder } from '../../core/history/builder.ts';
import { encodeBlock } from '../../core/history/file.ts';
import { messageOf } from '../../core/errors.ts';
import type { FileSink, OpenFile } from '../../core/host.ts';
import type { HistoryRecording } from '../../core/recording/recording.ts';

/** Rows kept before they are written: 0.4 MB, which blocks the thread for half a millisecond. */
const blockRows = 8192;

/**
 * The operations of one model in one share of a slot, as they happen: rows in columns, written to a file block by block, so
 * that a long slot takes no more memory than a short one.
 *
 * If a file cannot be written, only the history is lost, and that is reported.
 *
 * @cost nine stores a row; one look-up by text for each key
 */
export class HistoryLog {
  readonly #builder = new HistoryBuilder();
  readonly #model: string;
  readonly #path: string;
  readonly #open: OpenFile;
  #file: FileSink | undefined;
  #rows = 0;
  #problem: string | undefined;
  #unreadable = 0;
  #example = '';
  #unclear = 0;
  #unclearExample = '';

  constructor(model: string, path: string, open: OpenFile) {
    this.#model = model;
    this.#path = path;
    this.#open = open;
  }

  /** The number that stands for a key. */
  key(text: string): number {
    return this.#builder.key(text);
  }

  /** The number that stands for a value; NaN for `undefined`. */
  value(value: unknown): number {
    return this.#builder.value(value);
  }

  /** Adds an operation; times in µs of the run's clock. `retUs` is Infinity if its outcome is unknown. */
  append(
    key: number,
    session: number,
    f: number,
    status: number,
    callUs: number,
    retUs: number,
    value: number,
    operand: number,
    version: number,
  ): void {
    if (this.#problem !== undefined) return;
    this.#builder.append(key, session, f, status, callUs * 1000, retUs * 1000, value, operand, version);
    if (this.#builder.length >= blockRows) this.#write();
  }

  /** Adds a read of a whole list; times as above. */
  appendList(key: number, session: number, callUs: number, retUs: number, list: readonly unknown[]): void {
    if (this.#problem !== undefined) return;
    this.#builder.appendList(key, session, callUs * 1000, retUs * 1000, list);
    if (this.#builder.length >= blockRows) this.#write();
  }

  /** An answer lacks a value that it should have: no verdict can rest on the remaining ones. */
  unreadable(what: string): void {
    if (this.#unreadable++ === 0) this.#example = what;
  }

  /** `done:` or `refused:` could not judge an answer, so its outcome is unknown. */
  unclear(what: string): void {
    if (this.#unclear++ === 0) this.#unclearExample = what;
  }

  /** Writes the remaining rows, and gives where all of them are. */
  finish(): HistoryRecording {
    if (this.#problem === undefined) this.#write();
    this.#file?.close();
    return {
      model: this.#model,
      path: this.#path,
      rows: this.#rows,
      problem: this.#problem ?? null,
      unreadable: { count: this.#unreadable, example: this.#example },
      ...(this.#unclear > 0 && { unclear: { count: this.#unclear, example: this.#unclearExample } }),
    };
  }

  #write(): void {
    try {
      this.#file ??= this.#open(this.#path);
      this.#rows += this.#builder.length;
      for (const bytes of encodeBlock(this.#builder.take())) this.#file.write(bytes);
    } catch (error) {
      this.#problem = `${this.#path} cannot be written: ${messageOf(error)}`;
    }
  }
}

/** The logs of a slot's share, by model, each made when the model's first operation is compiled. */
export class HistoryLogs {
  readonly #logs = new Map<string, HistoryLog>();
  readonly #stem: string;
  readonly #open: OpenFile;

  /** @param stem path of the files without the part that differs by model */
  constructor(stem: string, open: OpenFile) {
    this.#stem = stem;
    this.#open = open;
  }

  of(model: string): HistoryLog {
    const known = this.#logs.get(model);
    if (known !== undefined) return known;
    const log = new HistoryLog(model, `${this.#stem}.${model}.history`, this.#open);
    this.#logs.set(model, log);
    return log;
  }

  finish(): readonly HistoryRecording[] {
    return [...this.#logs.values()].map((log) => log.finish());
  }
}
