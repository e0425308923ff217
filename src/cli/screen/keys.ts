/** What a key asks for. */
export type Key =
  | 'finer'
  | 'coarser'
  | 'hold'
  | 'held'
  | 'moving'
  | 'line'
  | 'help'
  | 'redraw'
  | 'more users'
  | 'fewer users'
  | 'quit'
  | 'interrupt'
  | 'stop';

const keys: { readonly [character: string]: Key } = {
  '+': 'finer',
  '=': 'finer',
  '-': 'coarser',
  '_': 'coarser',
  'p': 'hold',
  ' ': 'hold',
  'v': 'line',
  '?': 'help',
  'h': 'help',
  'u': 'more users',
  'd': 'fewer users',
  'q': 'quit',
  // From a terminal that does not turn them into signals: Ctrl-C, Ctrl-Z, Ctrl-S, Ctrl-Q and Ctrl-L.
  '\u0003': 'interrupt',
  '\u001a': 'stop',
  '\u0013': 'held',
  '\u0011': 'moving',
  '\f': 'redraw',
};

const escape = '\u001b';
/** What other keys, a mouse or the terminal itself send: arrows, function keys, answers. */
const sequences = new RegExp(`${escape}(?:\\[[0-?]*[ -/]*[@-~]|O.|[^\\[O])?`, 'gsu');
const unfinished = new RegExp(`${escape}\\[[0-?]*[ -/]*$`, 'u');
/** A terminal in bracketed-paste mode puts these around pasted text. */
const [pasteBegins, pasteEnds] = [`${escape}[200~`, `${escape}[201~`];
/** More different keys than anybody presses while the run is busy. */
const mostAtOnce = 6;

/** Reads keys from what a terminal sends. Pasted text does nothing, except Ctrl-C, which always counts. */
export class KeyReader {
  #rest = '';
  #isPasting = false;

  /** The keys in the input. */
  read(text: string): readonly Key[] {
    const all = this.#rest + text;
    const cut = unfinished.exec(all)?.index ?? all.length;
    this.#rest = all.slice(cut);
    const characters = Array.from(this.#typed(all.slice(0, cut)).replace(sequences, ''));
    const isPasted = characters.length > mostAtOnce && new Set(characters).size > 1;
    const found = characters.flatMap((character) => {
      const lower = character.toLowerCase();
      return Object.hasOwn(keys, lower) ? [keys[lower]!] : [];
    });
    const counting = isPasted ? found.filter((key) => key === 'interrupt') : found;
    return this.#isPasting && all.includes('\u0003') ? ['interrupt'] : counting;
  }

  /** The input without pasted text, which may come in several pieces. */
  #typed(text: string): string {
    let typed = '';
    let rest = text;
    while (rest !== '') {
      const mark = this.#isPasting ? pasteEnds : pasteBegins;
      const at = rest.indexOf(mark);
      if (!this.#isPasting) typed += at < 0 ? rest : rest.slice(0, at);
      if (at < 0) break;
      this.#isPasting = !this.#isPasting;
      rest = rest.slice(at + mark.length);
    }
    return typed;
  }
}
