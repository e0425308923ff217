import { LongFraction } from '../../core/exact/fraction.ts';
import { parseDigits } from '../../core/exact/parse.ts';
import { wholeIn } from '../../core/exact/whole.ts';
import { writeJson } from '../../core/exact/write.ts';
import { HistoryBuilder } from '../../core/history/builder.ts';
import { type History, ok, operations, outcomes } from '../../core/history/history.ts';
import { inOrder } from '../../core/history/sets.ts';
import { overlapsOfSessions, type SessionOverlap } from './input/session-overlaps.ts';
import { type ModelName, modelSyntax } from './model-names.ts';

/** What is wrong with a line of a history file. Lines and columns from 1. */
export interface LineProblem {
  readonly line: number;
  readonly column?: number;
  readonly message: string;
  /** The other line, with which the message ends, if two lines are involved. */
  readonly beside?: number;
  readonly hint?: string;
}

/** How a history file is read. */
export interface HistoryOptions {
  readonly model: ModelName;
  /** A field whose values split what is judged, in addition to `key`. */
  readonly partition?: string;
  /** "did you mean …?" for a word that resembles one of the known ones. */
  readonly suggest: (word: string, known: readonly string[]) => string | undefined;
}

/** A history file that has been read. */
export interface HistoryFile {
  readonly history: History;
  /** The first twenty. */
  readonly problems: readonly LineProblem[];
  /** How many problems there are. */
  readonly problemCount: number;
  /** The file's name for a session's number. */
  readonly sessionName: (session: number) => number | string;
}

const fields = ['key', 'session', 'f', 'call', 'ret', 'status', 'value', 'expect', 'version', 'delta', 'limit'];
const mostProblems = 20;

type Line = { readonly [field: string]: unknown };

/** Reads a history file piece by piece: one JSON operation per line. Blank lines are skipped. */
export class HistoryReader {
  readonly #options: HistoryOptions;
  readonly #builder = new HistoryBuilder();
  readonly #sessions = new Map<string, number>();
  readonly #strange = new Set<string>();
  readonly #problems: LineProblem[] = [];
  #problemCount = 0;
  #line = 0;
  #rest = '';
  /** The line of each row. */
  #lines = new Uint32Array(1024);
  /** By row: when a session gave up on an operation that it got no answer to, if it says so. */
  readonly #gaveUp = new Map<number, number>();

  constructor(options: HistoryOptions) {
    this.#options = options;
  }

  /** Takes the next piece of the text; it may break anywhere. */
  push(text: string): void {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop()!;
    for (const line of lines) this.#take(line);
  }

  /** Ends the file. */
  end(): HistoryFile {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
    if (this.#builder.length === 0 && this.#problemCount === 0) this.#refuse('there is no operation in it');
    const names = [...this.#sessions.keys()];
    const history = this.#builder.history();
    const sessionName = (session: number): number | string => names[session - firstNamedSession] ?? session;
    if (this.#problemCount === 0)
      for (const overlap of overlapsOfSessions(history, this.#gaveUp))
        this.#refuseOverlap(history, overlap, sessionName);
    return {
      history,
      problems: this.#problems,
      problemCount: this.#problemCount,
      sessionName,
    };
  }

  #refuse(message: string, hint?: string, column?: number): void {
    this.#tell({
      line: Math.max(1, this.#line),
      message,
      ...(column === undefined ? {} : { column }),
      ...(hint === undefined ? {} : { hint }),
    });
  }

  #refuseOverlap(
    { call, ret, session }: History,
    { earlier, later }: SessionOverlap,
    sessionName: HistoryFile['sessionName'],
  ): void {
    const until = this.#gaveUp.get(earlier) ?? ret[earlier]!;
    this.#tell({
      line: this.#lines[later]!,
      message: `session ${wordOf(sessionName(session[later]!))} begins this at ${call[later]!}, and has another operation under way until ${until}: that of`,
      beside: this.#lines[earlier]!,
      hint: 'a session does one thing at a time: what happens at once is done by several',
    });
  }

  #tell(problem: LineProblem): void {
    if (++this.#problemCount <= mostProblems) this.#problems.push(problem);
  }

  /** Notes the line of the rows that were appended last. */
  #noteLine(from: number): void {
    const to = this.#builder.length;
    if (to > this.#lines.length) {
      const longer = new Uint32Array(2 * Math.max(to, this.#lines.length));
      longer.set(this.#lines);
      this.#lines = longer;
    }
    this.#lines.fill(this.#line, from, to);
  }

  #take(text: string): void {
    this.#line++;
    // trim() counts a byte order mark as white space.
    const trimmed = text.trim();
    if (trimmed === '') return;
    let parsed: unknown;
    try {
      parsed = parseDigits(trimmed);
    } catch (error) {
      this.#refuseSyntax(error as SyntaxError, text.indexOf(trimmed));
      return;
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
      this.#refuse(`expected an operation in { }, got ${named(parsed)}`);
    else this.#takeOperation(parsed as Line);
  }

  #refuseSyntax({ message }: SyntaxError, indent: number): void {
    const position = /position (\d+)/u.exec(message)?.[1];
    const what = message.replace(/ in JSON at position.*$/u, '').replace(/, ".*$/su, '');
    this.#refuse(
      `not JSON: ${what}`,
      'one operation a line: {"key":"a","session":1,"f":"read","call":0,"ret":5,"status":"ok","value":1}',
      position === undefined ? undefined : indent + Number(position) + 1,
    );
  }

  #takeOperation(line: Line): void {
    const before = this.#problemCount;
    this.#checkFields(line);
    const f = this.#word(line, 'f', operations, modelSyntax[this.#options.model].f);
    const status = this.#word(line, 'status', outcomes, outcomes);
    const key = this.#name(line, 'key');
    const session = this.#name(line, 'session');
    const [call, ret] = [this.#time(line, 'call'), line['ret'] === null ? Infinity : this.#time(line, 'ret')];
    if (ret < call) this.#refuse(`"ret" is ${ret}, before "call", which is ${call}`);
    if (status === ok && ret === Infinity)
      this.#refuse('"ret" is null and "status" is "ok"', 'an operation that is known to be done has an end');
    const name = operations[f] ?? 'read';
    const isLogRead = this.#options.model === 'append-log' && name === 'read';
    const seen = isLogRead && Array.isArray(line['value']) ? (line['value'] as readonly unknown[]) : undefined;
    const version = line['version'] ?? seen?.length;
    if (seen !== undefined && version !== seen.length)
      this.#refuse(
        `"version" is ${named(version)}, and the list has ${seen.length} elements`,
        'leave it out: the list tells it',
      );
    // In a log, a read tells the last element; without one it told none.
    const value = isLogRead
      ? seen === undefined
        ? (line['value'] ?? undefined)
        : seen.at(-1)
      : this.#value(line, name, status);
    const operand = this.#operand(line, name);
    if (this.#problemCount > before) return;
    const { partition } = this.#options;
    const builder = this.#builder;
    const keyNumber = builder.key(partition === undefined ? key : `${key} ${partition}=${textOf(line[partition])}`);
    const row = builder.length;
    if (status === unknownOutcome && ret < Infinity) this.#gaveUp.set(row, ret);
    if (seen !== undefined && status === ok) builder.appendList(keyNumber, this.#sessionOf(session), call, ret, seen);
    else
      builder.append(
        keyNumber,
        this.#sessionOf(session),
        f,
        status,
        call,
        // If the outcome is unknown, so is the end.
        status === unknownOutcome ? Infinity : ret,
        builder.value(value),
        builder.value(isLogRead ? undefined : operand),
        builder.value(version),
      );
    this.#noteLine(row);
  }

  /** An unknown field is left to other tools, unless it looks like a misspelling of ours. */
  #checkFields(line: Line): void {
    for (const field in line) {
      if (fields.includes(field) || this.#strange.has(field)) continue;
      const absentFields = fields.filter((known) => !(known in line));
      const hint = field === this.#options.partition ? undefined : this.#options.suggest(field, absentFields);
      if (hint === undefined) this.#strange.add(field);
      else this.#refuse(`unknown field ${quoted(field)}`, hint);
    }
  }

  #word(line: Line, field: string, all: readonly string[], known: readonly string[]): number {
    const word = line[field];
    if (typeof word === 'string' && known.includes(word)) return all.indexOf(word);
    if (word === undefined) this.#refuse(`"${field}" is missing`, `one of ${known.join(', ')}`);
    else {
      const what = field === 'f' ? `model ${this.#options.model} has no operation ` : `unknown "${field}" `;
      const near = typeof word === 'string' ? this.#options.suggest(word, known) : undefined;
      this.#refuse(
        `${what}${typeof word === 'string' ? quoted(word) : named(word)}`,
        near ?? `one of ${known.join(', ')}`,
      );
    }
    return -1;
  }

  #name(line: Line, field: string): string {
    const name = line[field];
    if (typeof name === 'string') return name;
    if (typeof name === 'number' || typeof name === 'bigint') return String(name);
    this.#refuse(
      name === undefined ? `"${field}" is missing` : `"${field}" is ${named(name)}; a text or a number names it`,
    );
    return '';
  }

  #time(line: Line, field: string): number {
    const time = line[field];
    if (typeof time === 'number' && Math.abs(time) <= Number.MAX_SAFE_INTEGER) return time;
    if (typeof time === 'number' || typeof time === 'bigint') {
      this.#refuse(`"${field}" is ${time}, whose last digits are lost`, 'subtract the first time from all');
      return 0;
    }
    const unknown = field === 'ret' ? '; null where the outcome is unknown' : '';
    this.#refuse(
      time === undefined ? `"${field}" is missing` : `"${field}" is ${named(time)}`,
      `a number of nanoseconds${unknown}`,
    );
    return 0;
  }

  #value(line: Line, f: string, status: number): unknown {
    const value = line['value'];
    if (
      value !== undefined &&
      value !== null &&
      !isNumber(value) &&
      (modelSyntax[this.#options.model].isOfNumbers ||
        (f === 'read' && ['transfer', 'once'].includes(this.#options.model)))
    )
      this.#refuse(`"value" is ${named(value)}`, `the values of ${this.#options.model} are numbers`);
    if (isNumber(value)) this.#checkWhole('value', value, f);
    if (status === ok && value === undefined && needed.includes(f))
      this.#refuse('"value" is missing', `${f} says there what it is about`);
    if (this.#options.model === 'set' && f === 'read') {
      if (Array.isArray(value)) return inOrder(value);
      if (status === ok)
        this.#refuse(`"value" is ${named(value)}`, 'a read of a set tells the list of all its elements');
      return undefined;
    }
    if (this.#options.model === 'set' && status === ok && (value === undefined || value === null))
      this.#refuse('"value" is missing', `${f} says there what it is about`);
    if (value === null && f === 'take' && this.#options.model === 'queue') return null;
    // Changes of an amount often have no value in their answer; a missing value that was read or written means nothing was there.
    return value ?? (valued.includes(f) ? null : undefined);
  }

  /** Sums of fractions are not exact, so a correct history would be called wrong. */
  #checkWhole(field: string, amount: number | bigint, f: string): void {
    const { model } = this.#options;
    const isAmount =
      modelSyntax[model].isOfNumbers ||
      (model === 'transfer' && (field === 'delta' || f === 'read')) ||
      (model === 'once' && f === 'read');
    if (isAmount && wholeIn(amount) !== undefined)
      this.#refuse(`"${field}" is ${wholeIn(amount)}, beyond 2^53`, 'values that are added up must be smaller');
    else if (isAmount && !Number.isSafeInteger(amount))
      this.#refuse(
        `"${field}" is ${amount}, which is not a whole number`,
        'count in the smallest unit: 110 cents for 1.10',
      );
  }

  #operand(line: Line, f: string): unknown {
    const field = f === 'cas' ? 'expect' : f === 'grant' ? 'limit' : 'delta';
    const operand = line[field];
    if (f === 'cas' && operand === undefined)
      this.#refuse('"expect" is missing', 'the value that the cas was built on; null: nothing');
    if (f === 'cas' && !isNumber(operand) && operand !== null && modelSyntax[this.#options.model].isOfNumbers)
      this.#refuse(`"expect" is ${named(operand)}`, `the values of ${this.#options.model} are numbers`);
    if (f === 'transfer' && operand === undefined) this.#refuse('"delta" is missing', 'the amount that was moved');
    if (isNumber(operand)) this.#checkWhole(field, operand, f);
    if (f === 'grant' && isNumber(operand) && !Number.isSafeInteger(operand))
      this.#refuse(`"limit" is ${operand}, which is not a whole number`, 'how many there may be');
    if (
      field !== 'expect' &&
      operand !== undefined &&
      operand !== null &&
      typeof operand !== 'bigint' &&
      !Number.isFinite(operand)
    )
      this.#refuse(`"${field}" is ${named(operand)}`, field === 'delta' ? 'the amount, a number' : 'a number');
    return field === 'expect' ? operand : (operand ?? undefined);
  }

  /** A whole number stands for itself; a text gets a number far above. */
  #sessionOf(name: string): number {
    if (/^\d{1,9}$/u.test(name)) return Number(name);
    const known = this.#sessions.get(name) ?? firstNamedSession + this.#sessions.size;
    this.#sessions.set(name, known);
    return known;
  }
}

const firstNamedSession = 2 ** 31;
const unknownOutcome = outcomes.indexOf('info');
/** For these, a missing value means that nothing is there. */
const valued = ['read', 'write', 'cas'];
/** Without a value these operations say nothing. */
const needed = ['issue', 'append', 'transfer', 'put'];

const isNumber = (value: unknown): value is number | bigint => typeof value === 'number' || typeof value === 'bigint';

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}…` : text);

const named = (value: unknown): string => {
  if (value === null) return 'null';
  if (typeof value === 'string') return `text ${quoted(value)}`;
  if (value instanceof LongFraction) return value.digits;
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a map';
  return value === undefined ? 'nothing' : writeJson(value);
};

const wordOf = (name: number | string): string => (typeof name === 'number' ? String(name) : quoted(name));

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '-' : writeJson(value);
