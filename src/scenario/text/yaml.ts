import { Composer, isScalar, Lexer, Parser, type Document } from 'yaml';
import { messageOf } from '../../core/errors.ts';
import { growTree, type Reading } from './grow.ts';
import { indentComplaint } from './indent.ts';
import { quoteHint } from './quote.ts';
import type { Complaint } from './locate.ts';

/** The largest scenario that is read, in UTF-16 units. */
const largestText = 1 << 20;

/** About ten times what a large scenario has. It bounds the time that any text can cost. */
const mostTokens = 40_000;

/**
 * Reads YAML 1.2 (core schema, one document, text keys). Never throws.
 *
 * @param text without a byte order mark
 * @cost bounded for any text, even hostile ones: at most {@link largestText}, and a limit on tokens and values
 */
export const readYaml = (text: string): Reading => {
  if (text.length > largestText) return refused(0, 'the file is larger than 1 MiB');
  const lexed = lex(text);
  if (lexed.complaint !== undefined) return { complaints: [lexed.complaint] };
  const documents = compose(text, lexed.lexemes);
  if ('complaint' in documents) return { complaints: [documents.complaint] };
  const [document, second] = documents.list;
  if (second !== undefined) {
    return refused(second.range[0], 'a second document: a file holds one scenario', 'put it into a file of its own');
  }
  const contents = document?.contents;
  if (contents === null || contents === undefined || (isScalar(contents) && contents.value === null)) {
    return refused(0, 'the file is empty', 'a scenario needs at least "target" and "steps"');
  }
  return growTree(contents, text);
};

const refused = (mark: number, message: string, hint?: string): Reading => ({
  complaints: [{ mark, path: '', message, hint }],
});

const lex = (text: string): { readonly lexemes: readonly string[]; readonly complaint?: Complaint } => {
  const lexemes: string[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    lexemes.push(lexeme);
    if (lexemes.length > mostTokens) {
      const message = 'the file is too long for a scenario';
      const hint = `it has more than ${mostTokens.toLocaleString('en')} words, marks and line breaks`;
      return { lexemes, complaint: { mark: 0, path: '', message, hint } };
    }
  }
  return { lexemes };
};

type Composed = { readonly list: readonly Document.Parsed[] } | { readonly complaint: Complaint };

/** Duplicate keys are checked later, because the library's time for that grows with the square of the keys. */
const compose = (text: string, lexemes: readonly string[]): Composed => {
  const parser = new Parser();
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const list: Document.Parsed[] = [];
  try {
    for (const token of tokens(parser, lexemes)) {
      if (token.type === 'directive')
        return {
          complaint: {
            mark: token.offset,
            path: '',
            message: 'a scenario takes no %directive',
            hint: 'leave the line out, and the "---" below it',
          },
        };
      list.push(...composer.next(token));
      // Only the first error is reported, and each of the following characters may cause another.
      if (token.type === 'error') break;
    }
    list.push(...composer.end(true, text.length));
  } catch (error) {
    // The library throws for some texts that it should report. To the user it makes no difference.
    return { complaint: syntaxComplaint(text, 0, messageOf(error)) };
  }
  const errors = list.flatMap((document) => document.errors).sort((a, b) => a.pos[0] - b.pos[0]);
  const tooDeep = errors.find((error) => error.code === 'RESOURCE_EXHAUSTION');
  if (tooDeep !== undefined)
    return { complaint: { mark: tooDeep.pos[0], path: '', message: 'nested deeper than 64 levels' } };
  const [first] = errors;
  return first === undefined ? { list } : { complaint: syntaxComplaint(text, first.pos[0], first.message, first.code) };
};

const tokens = function* (parser: Parser, lexemes: readonly string[]): ReturnType<Parser['next']> {
  for (const lexeme of lexemes) yield* parser.next(lexeme);
  yield* parser.end();
};

/** Only the first error, because the next ones are mostly its consequences. */
const syntaxComplaint = (text: string, offset: number, message: string, code = ''): Complaint => {
  const quote = quoteHint(text, offset);
  if (quote !== undefined)
    return { mark: quote.offset, path: '', message: 'YAML cannot read "${" inside { } or [ ]', hint: quote.hint };
  const unclosed = /^Missing closing (['"])/.exec(message)?.[1];
  // The library reports it at the end of the file. The last quote of its kind is the one that opened it.
  if (unclosed !== undefined)
    return {
      mark: text.lastIndexOf(unclosed),
      path: '',
      message: 'a quote that is never closed',
      hint: `write another ${unclosed} where the text ends`,
    };
  const indented = indentComplaint(text, Math.min(offset, text.length), code, message);
  if (indented !== undefined) return indented;
  const hint = message.startsWith('Tabs') ? 'indent with spaces' : undefined;
  return { mark: Math.min(offset, text.length), path: '', message: `YAML cannot read this: ${message}`, hint };
};
