import type { ReadBeside } from '../../core/host.ts';
import type { Table, Tables } from '../../core/table.ts';
import { at, type Complaint } from '../text/locate.ts';
import { entriesOf, find, type Branch } from '../text/tree.ts';
import { either, quoted } from '../text/words.ts';
import { readCsv, type CsvOptions } from './csv.ts';
import { readJson, readNdjson } from './json.ts';

/** The largest file of rows: they stay in memory for the run. */
const largestBytes = 64 * 1024 * 1024;

/** The options of a variable's `file`, as the schema gives them. */
export interface FileOptions extends CsvOptions {
  readonly file: string;
  readonly format?: 'csv' | 'json' | 'ndjson' | undefined;
}

/** The name of the table from a file that is read like this. */
export const tableName = ({ file, ...how }: FileOptions): string => {
  const said = Object.entries(how).filter(([, value]) => value !== undefined);
  return said.length === 0 ? file : `${file} ${JSON.stringify(Object.fromEntries(said))}`;
};

const endings: { readonly [ending: string]: NonNullable<FileOptions['format']> } = {
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  ndjson: 'ndjson',
  jsonl: 'ndjson',
};

/** Reads the files of a scenario's variables, each only once, however many modes and variables read it. */
export class RowFiles {
  readonly #read: ReadBeside | undefined;
  readonly #known = new Map<string, Table | string>();

  /** @param read `undefined`: no file can be read here, so none is */
  constructor(read: ReadBeside | undefined) {
    this.#read = read;
  }

  /** The tables that were read. */
  get tables(): Tables {
    return Object.fromEntries(
      [...this.#known].flatMap(([name, table]) => (typeof table === 'string' ? [] : [[name, table]])),
    );
  }

  /** The table of a file, or a text that says why there is none. `undefined` if no file can be read. */
  get(options: FileOptions): Table | string | undefined {
    const read = this.#read;
    if (read === undefined) return undefined;
    const name = tableName(options);
    const known = this.#known.get(name) ?? readTable(options, read);
    this.#known.set(name, known);
    return known;
  }
}

const readTable = (options: FileOptions, read: ReadBeside): Table | string => {
  const { file } = options;
  const ending = file.slice(file.lastIndexOf('.') + 1).toLowerCase();
  const format = options.format ?? (Object.hasOwn(endings, ending) ? endings[ending] : undefined);
  if (format === undefined)
    return `${quoted(file)} has an unknown format: name it ${either(Object.keys(endings).map((one) => `.${one}`))}, or say its format`;
  if (format !== 'csv' && (options.delimiter ?? options.columns ?? options.header) !== undefined)
    return `${quoted(file)} is not a CSV file: only those have a delimiter and columns`;
  const found = read(file, largestBytes);
  if ('refused' in found) return `${quoted(file)} cannot be read: ${found.refused}`;
  const text = found.text.replace(/^\ufeff/, '');
  const delimiter = options.delimiter ?? (ending === 'tsv' ? '\t' : undefined);
  const table =
    format === 'csv' ? readCsv(text, { ...options, delimiter }) : format === 'json' ? readJson(text) : readNdjson(text);
  return typeof table === 'string' ? `${quoted(file)}: ${table}` : table;
};

/** The tables of one mode's variables, by variable, and the faults in their files. */
export const tablesOf = (
  mode: Branch,
  data: { readonly [variable: string]: { readonly name: string; readonly options: unknown } },
  files: RowFiles,
): { readonly tables: Tables; readonly complaints: readonly Complaint[] } => {
  const complaints: Complaint[] = [];
  const tables: { [variable: string]: Table } = {};
  for (const [variable] of entriesOf(find(mode, 'data'))) {
    const source = data[variable];
    if (source?.name !== 'file') continue;
    const table = files.get(source.options as FileOptions);
    if (typeof table === 'string') complaints.push(at(find(mode, 'data', variable, 'file')!, table));
    else if (table !== undefined) tables[variable] = table;
  }
  return { tables, complaints };
};
