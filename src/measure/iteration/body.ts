import { basename } from 'node:path';
import { octetsOf, percentEncoded } from '../../core/octets.ts';
import type { Body, FilePart, FormBody, MultipartBody, Part } from '../../core/plan/body.ts';
import { stream } from '../../core/random.ts';
import { compileText, TemplateValueError, type Lookup, type Text } from '../../template/compile.ts';
import { parseTemplate } from '../../template/parse.ts';
import type { Payload } from '../transport/transport.ts';
import type { User } from '../user.ts';

/** The contents of the files that requests send, by the path that the scenario gives. */
export type Files = ReadonlyMap<string, Buffer>;

/** What is sent, and its Content-Type. */
export interface CompiledBody {
  readonly type: string;
  readonly payload: Payload;
}

/** Compiles a body. Constant parts are put together once. */
export const compileBody = (body: Body, lookup: Lookup<User>, files: Files): CompiledBody => {
  switch (body.kind) {
    case 'form':
      return { type: 'application/x-www-form-urlencoded', payload: compileFields(body.fields, lookup, asForm) };
    case 'text':
      return { type: 'text/plain; charset=utf-8', payload: compileText(parseTemplate(body.text), lookup) };
    case 'file':
      return { type: body.type, payload: contentOf(body, lookup, files) };
    default:
      return multipart(body, lookup, files);
  }
};

/** A constant content, or the content of a user's file. */
type Content = Buffer | ((user: User) => Buffer);

const contentOf = ({ file }: Pick<FilePart, 'file'>, lookup: Lookup<User>, files: Files): Content => {
  const path = compileText(parseTemplate(file), lookup);
  if (typeof path === 'function') {
    return (user) => {
      const found = files.get(path(user));
      if (found === undefined) throw new TemplateValueError(`${path(user)} is not one of the files that match ${file}`);
      return found;
    };
  }
  const content = files.get(path);
  // The files of a plan are read before it runs.
  if (content === undefined) throw new Error(`${path} was not read`);
  return content;
};

/** `a=1&b=2&b=3`, each name and value encoded. */
export const compileFields = (
  fields: FormBody['fields'],
  lookup: Lookup<User>,
  encode: (text: string) => string,
): Text<User> =>
  joined(
    Object.entries(fields)
      .flatMap(([name, values]) => values.map((value) => [name, value] as const))
      .flatMap(([name, value], at): Text<User>[] => [
        `${at === 0 ? '' : '&'}${encode(name)}=`,
        mapped(compileText(parseTemplate(value), lookup), encode),
      ]),
  );

/** As browsers do: a blank becomes a plus, and characters other than letters and digits are encoded even where a URI may hold them. */
const asForm = (text: string): string =>
  percentEncoded(text)
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const multipart = ({ fields }: MultipartBody, lookup: Lookup<User>, files: Files): CompiledBody => {
  const parts = Object.entries(fields).flatMap(([name, several]) => several.map((part) => [name, part] as const));
  // Which file a template names is only known when it is sent, so no file that was read may contain the boundary.
  const boundary = boundaryBeside(parts.some(([, part]) => isFile(part)) ? [...files.values()] : []);
  const text = (template: string): Text<User> => compileText(parseTemplate(template), lookup);
  const pieces = parts.flatMap(([name, part]): (Text<User> | Content)[] => {
    const begin = `--${boundary}\r\ncontent-disposition: form-data; name="${inQuotes(name)}"`;
    if (isFile(part)) {
      const called = part.name === undefined ? mapped(text(part.file), basename) : text(part.name);
      const middle = `"\r\ncontent-type: ${part.type}\r\n\r\n`;
      return [
        joined([`${begin}; filename="`, mapped(called, inQuotes), middle]),
        contentOf(part, lookup, files),
        '\r\n',
      ];
    }
    const [given, type] = typeof part === 'string' ? [part, ''] : [part.value, `\r\ncontent-type: ${part.type}`];
    const value = mapped(text(given), (one) => withoutBoundary(one, boundary));
    return [`${begin}${type}\r\n\r\n`, value, '\r\n'];
  });
  const all = [...pieces, `--${boundary}--\r\n`];
  const type = `multipart/form-data; boundary=${boundary}`;
  const bytesOf = (user?: User): Buffer =>
    Buffer.concat(
      all.map((piece) => {
        const made = typeof piece === 'function' ? piece(user!) : piece;
        return typeof made === 'string' ? octetsOf(made) : made;
      }),
    );
  return { type, payload: all.some((piece) => typeof piece === 'function') ? bytesOf : bytesOf() };
};

const isFile = (part: Part): part is FilePart => typeof part !== 'string' && 'file' in part;

const textFor = (text: Text<User>, user: User | undefined): string => (typeof text === 'string' ? text : text(user!));

/** The same one each time, so that a seed sends the same bytes; another one if a file contains it. */
const boundaryBeside = (contents: readonly Buffer[]): string => {
  for (let turn = 0; ; turn++) {
    const boundary = `----contend${stream(`boundary ${turn}`).toString(16).padStart(8, '0')}`;
    if (!contents.some((content) => content.includes(boundary))) return boundary;
  }
};

const withoutBoundary = (text: string, boundary: string): string => {
  if (text.includes(boundary)) throw new TemplateValueError('a value contains the boundary of its form');
  return text;
};

/** Escaped as browsers write names into a form. */
const inQuotes = (name: string): string =>
  name.replace(/["\r\n]/g, (char) => ({ '"': '%22', '\r': '%0D', '\n': '%0A' })[char]!);

/** Changes a text: once, if it is constant. */
export const mapped = (text: Text<User>, change: (text: string) => string): Text<User> =>
  typeof text === 'string' ? change(text) : (user) => change(text(user));

/** Texts one after the other; adjacent constant ones are joined now. */
export const joined = (texts: readonly Text<User>[]): Text<User> =>
  texts.reduce<Text<User>>((left, right) => {
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    if (left === '') return right;
    if (right === '') return left;
    return (user) => textFor(left, user) + textFor(right, user);
  }, '');
