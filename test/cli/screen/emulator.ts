/** As much of a terminal as contend makes use of: what is on its screen after what was written to it. */
export class Emulator {
  readonly #columns: number;
  readonly #rows: number;
  #screen: string[][] = [];
  #x = 0;
  #y = 0;
  #saved: readonly [x: number, y: number] = [0, 0];
  #wraps = true;
  /** What has left the screen at its top. */
  readonly scrolled: string[] = [];
  isCursorSeen = true;
  takesPastesApart = false;

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
    this.#screen = Array.from({ length: rows }, () => this.#blank());
  }

  /** The lines, from the first one to the last that is not blank. */
  get text(): string {
    return this.#screen
      .map((line) => line.join('').trimEnd())
      .join('\n')
      .trimEnd();
  }

  get isAsBefore(): boolean {
    return this.#wraps && this.isCursorSeen && !this.takesPastesApart;
  }

  write(text: string): void {
    for (const [all, parameters = '', command, short] of text.matchAll(pieces)) {
      if (command !== undefined) this.#obey(command, parameters);
      else if (short === '7') this.#saved = [this.#x, this.#y];
      else if (short === '8') [this.#x, this.#y] = this.#saved;
      else if (all === '\r') this.#x = 0;
      else if (all === '\n') this.#down();
      else if (all >= ' ') this.#put(all);
      else throw new Error(`what is ${JSON.stringify(all)}?`);
    }
  }

  #obey(command: string, parameters: string): void {
    const number = Number(parameters.replace('?', '') || (command === 'A' || command === 'G' ? 1 : 0));
    const line = this.#screen[this.#y]!;
    if (command === 'A') this.#y = Math.max(0, this.#y - number);
    else if (command === 'G') this.#x = number - 1;
    else if (command === 'K') line.fill(' ', number === 2 ? 0 : this.#x);
    else if (command === 'J') {
      line.fill(' ', this.#x);
      for (let y = this.#y + 1; y < this.#rows; y++) this.#screen[y] = this.#blank();
    } else if (command === 'h' || command === 'l') this.#switch(number, command === 'h');
    else if (command !== 'm') throw new Error(`what is ${parameters}${command}?`);
  }

  #switch(mode: number, isOn: boolean): void {
    if (mode === 7) this.#wraps = isOn;
    else if (mode === 25) this.isCursorSeen = isOn;
    else if (mode === 2004) this.takesPastesApart = isOn;
    else if (mode !== 2026) throw new Error(`what is mode ${mode}?`);
  }

  #put(character: string): void {
    if (this.#x >= this.#columns && this.#wraps) {
      this.#x = 0;
      this.#down();
    }
    this.#x = Math.min(this.#x, this.#columns - 1);
    this.#screen[this.#y]![this.#x++] = character;
  }

  #down(): void {
    if (this.#y < this.#rows - 1) this.#y++;
    else {
      this.scrolled.push(this.#screen.shift()!.join('').trimEnd());
      this.#screen.push(this.#blank());
    }
  }

  #blank(): string[] {
    return Array.from({ length: this.#columns }, () => ' ');
  }
}

const escape = '\u001b';
const pieces = new RegExp(`${escape}\\[([?\\d;]*)([A-Za-z])|${escape}([78])|[^]`, 'gu');
