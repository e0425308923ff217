import { gzipSync } from 'node:zlib';
import {
  answered,
  failed,
  hangUp,
  head,
  hello,
  inChunks,
  last,
  raw,
  refused,
  row,
  tearDown,
  followed,
  under,
  type Case,
} from './transport-cases.ts';

const zipped = gzipSync('hello');
const long = 'x'.repeat(200_000);
const headMethod = { parts: { method: 'HEAD' } };
const post = { parts: { method: 'POST', body: '{}' } };

const upTo16KiB = 'undici takes heads of up to 16 KiB';
const closesAfterHead = 'undici closes after a HEAD, in case a body follows all the same';
const onceMore = 'undici takes off the chunks, and we then know no coding of that name';
/** Its end is known, its body is not. */
const unreadable = { ...refused, isReused: true };
const mismatch = 'undici holds every length but that of a HEAD against the body, and gives the connection up';
const no100 = 'undici refuses a 100 that it did not ask for';

const lengths: readonly Case[] = [
  row('a Content-Length', hello(), answered('hello')),
  row('a Content-Length of 0', head(['Content-Length: 0']), answered('')),
  row('a Content-Length with leading zeros', head(['Content-Length: 0005'], 'hello'), answered('hello')),
  row('a Content-Length with blanks around it', head(['CONTENT-length: \t 5 \t'], 'hello'), answered('hello'), {
    undici: [refused, 'llhttp takes no tab behind a length'],
  }),
  row(
    'a large body in many pieces',
    followed(head(['Content-Length: 200000']), ...long.match(/.{1,9973}/gu)!),
    answered(long),
  ),
  row(
    'a body split inside a character',
    followed(head(['Content-Length: 6']), Buffer.from('té€').subarray(0, 2), Buffer.from('té€').subarray(2)),
    answered('té€'),
  ),
  row(
    'a body like a head',
    head(['Content-Length: 19'], 'HTTP/1.1 500 N\r\n\r\n!'),
    answered('HTTP/1.1 500 N\r\n\r\n!'),
  ),
  row('no length: until the end', hangUp(followed(head(['X-A: 1'], 'hel'), 'lo')), last('hello')),
  row('no length and no body: until the end', hangUp(head([])), last('')),
  row('a Content-Length, and the server hangs up', hangUp(hello()), last('hello')),
  ...['chunked, gzip', 'gzip', 'identity', 'xchunked', 'chunkedchunked', 'chunked x', ''].map((coding) =>
    row(
      `a Transfer-Encoding of "${coding}": until the end`,
      hangUp(head([`Transfer-Encoding: ${coding}`], '5\r\nhello\r\n0\r\n\r\n')),
      last('5\r\nhello\r\n0\r\n\r\n'),
    ),
  ),
  row(
    'chunked in one header, another coding in the next: until the end',
    hangUp(head(['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'], 'World')),
    last('World'),
  ),
];

const chunks: readonly Case[] = [
  row('chunks', inChunks('2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n'), answered('hello')),
  row('no chunk but the last', inChunks('0\r\n\r\n'), answered('')),
  row('chunked in another case', head(['TRANSFER-encoding: Chunked'], '5\r\nhello\r\n0\r\n\r\n'), answered('hello')),
  row('a size in upper case', inChunks(`1A\r\n${'x'.repeat(26)}\r\n0\r\n\r\n`), answered('x'.repeat(26))),
  row('a size with leading zeros', inChunks(`001a\r\n${'x'.repeat(26)}\r\n000\r\n\r\n`), answered('x'.repeat(26))),
  row('chunk extensions', inChunks('5;a=1;b="c;d";e\r\nhello\r\n0;last\r\n\r\n'), answered('hello')),
  row('trailers', inChunks('5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-No:\r\n\r\n', 'Trailer: X-Sum'), answered('hello')),
  row(
    'a length in the trailers, where it means nothing',
    inChunks('5\r\nhello\r\n0\r\nContent-Length: 10\r\n\r\n'),
    answered('hello'),
    { undici: [refused, 'llhttp reads trailers as headers and refuses a length beside chunks'] },
  ),
  row(
    'a coding beneath the chunks',
    followed(head(['Transfer-Encoding: gzip, chunked']), `${zipped.length.toString(16)}\r\n`, zipped, '\r\n0\r\n\r\n'),
    answered('hello'),
  ),
  row(
    'a coding beneath the chunks, in a header of its own',
    followed(
      head(['Transfer-Encoding: gzip', 'Transfer-Encoding: Chunked']),
      `${zipped.length.toString(16)}\r\n`,
      zipped,
      '\r\n0\r\n\r\n',
    ),
    answered('hello'),
  ),
  row(
    'chunk extensions with quotes and blanks',
    inChunks('5 ; a = "b\\"c" ;d\r\nhello\r\n0\r\n\r\n'),
    answered('hello'),
    {
      undici: [refused, 'llhttp takes no blanks around an extension'],
    },
  ),
  row('a thousand chunks', inChunks(`${'3\r\nabc\r\n'.repeat(1000)}0\r\n\r\n`), answered('abc'.repeat(1000))),
  row('the last chunk inside the data', inChunks('7\r\na\r\n0\r\n\r\r\n0\r\n\r\n'), answered('a\r\n0\r\n\r')),
  row('chunks, and the server hangs up', hangUp(inChunks('5\r\nhello\r\n0\r\n\r\n')), last('hello')),
];

const bodiless: readonly Case[] = [
  row('HEAD with a length', head(['Content-Length: 5']), answered(''), {
    ...headMethod,
    undici: [last(''), closesAfterHead],
  }),
  row('HEAD with chunks', inChunks(''), answered(''), { ...headMethod, undici: [last(''), closesAfterHead] }),
  row('HEAD without a length', head([]), answered(''), { ...headMethod, undici: [last(''), closesAfterHead] }),
  row('HEAD answered with a body all the same', hello(), last(''), headMethod),
  row('204', under('HTTP/1.1 204 No Content', []), answered('', 204)),
  row('204 with a length of 0', under('HTTP/1.1 204 No Content', ['Content-Length: 0']), answered('', 204)),
  row('204 with a length, which it never has', under('HTTP/1.1 204 No Content', ['Content-Length: 5']), last('', 204)),
  row('304', under('HTTP/1.1 304 Not Modified', ['ETag: "1"']), answered('', 304)),
  row('304 with a length', under('HTTP/1.1 304 Not Modified', ['Content-Length: 5']), answered('', 304), {
    undici: [last('', 304), mismatch],
  }),
  row('304 with chunks', under('HTTP/1.1 304 Not Modified', ['Transfer-Encoding: chunked']), answered('', 304)),
];

const interim: readonly Case[] = [
  row('100 first', followed(raw('HTTP/1.1 100 Continue\r\n\r\n'), ...hello().chunks), answered('hello'), {
    ...post,
    undici: [refused, no100],
  }),
  row(
    '102 and two 103 first, all in one piece',
    raw(
      `HTTP/1.1 102 Processing\r\n\r\n${'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(2)}${[...hello().chunks].join('')}`,
    ),
    answered('hello'),
  ),
  row(
    '103 with a length and Connection: close, which say nothing of the answer',
    followed(raw('HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\n\r\n'), ...hello().chunks),
    answered('hello'),
  ),
  row(
    '101, which nobody asked for',
    raw('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
    refused,
  ),
];

const persistence: readonly Case[] = [
  row('Connection: close', hello('Connection: close'), last('hello')),
  row('Connection: CLOSE', hello('connection: CLOSE'), last('hello')),
  row('close in a list', hello('Connection: x , Close'), last('hello')),
  row('close in the second Connection header', hello('Connection: keep-alive', 'Connection: close'), last('hello')),
  row('close after keep-alive', hello('Connection: keep-alive, close'), last('hello')),
  row('close before keep-alive', hello('Connection: close, keep-alive'), last('hello')),
  row('close inside another word', hello('Connection: not-close, closed'), answered('hello')),
  row('Connection: close, in chunks', inChunks('0\r\n\r\n', 'Connection: close'), last('')),
  row('HTTP/1.0', under('HTTP/1.0 200 OK', ['Content-Length: 5'], 'hello'), last('hello')),
  row(
    'HTTP/1.0 with keep-alive',
    under('HTTP/1.0 200 OK', ['Content-Length: 5', 'Connection: Keep-Alive'], 'hello'),
    answered('hello'),
  ),
  row('HTTP/1.0 until the end', hangUp(under('HTTP/1.0 200 OK', [], 'hello')), last('hello')),
];

const heads: readonly Case[] = [
  row('no reason phrase', under('HTTP/1.1 200', ['Content-Length: 5'], 'hello'), answered('hello')),
  row('an empty reason phrase', under('HTTP/1.1 200 ', ['Content-Length: 5'], 'hello'), answered('hello')),
  row(
    'a reason phrase beyond ASCII',
    under('HTTP/1.1 200 tr\xe8s bien', ['Content-Length: 5'], 'hello'),
    answered('hello'),
  ),
  row('status 599', under('HTTP/1.1 599 Odd', ['Content-Length: 5'], 'hello'), answered('hello', 599)),
  row('blanks before a value', hello('X-A: \t a b'), answered('hello'), { head: '\r\nx-a: a b\r\n' }),
  row('blanks behind a value', hello('X-A: a b \t '), answered('hello'), {
    head: '\r\nx-a: a b\r\n',
    undici: [answered('hello'), 'llhttp leaves blanks behind a value where they are'],
  }),
  row('no blank before a value', hello('X-A:b:c'), answered('hello'), { head: '\r\nx-a: b:c\r\n' }),
  row('an empty value', hello('X-A:', 'X-B:  '), answered('hello'), { head: '\r\nx-a: \r\nx-b: \r\n' }),
  row('a value in UTF-8', hello('X-A: \xc3\xa9'), answered('hello'), { head: '\r\nx-a: é\r\n' }),
  row('a value of bytes that are no UTF-8', hello('X-A: \xe9\xff'), answered('hello'), {
    head: '\r\nx-a: \udce9\udcff\r\n',
  }),
  row('a tab in a value', hello('X-A: a\tb'), answered('hello'), { head: '\r\nx-a: a\tb\r\n' }),
  row('names in any case', hello('ETag: "1"', 'x-LOWER: 2'), answered('hello'), {
    head: '\r\netag: "1"\r\nx-lower: 2\r\n',
  }),
  row('every character of a name', hello("X!#$%&'*+-.^_`|~9: 1"), answered('hello')),
  row('the same name twice', hello('X-A: 1', 'X-A: 2'), answered('hello'), { head: '\r\nx-a: 1\r\nx-a: 2\r\n' }),
  row('trailers that are no headers', inChunks('0\r\nX-T: 1\r\n\r\n', 'X-A: 1'), answered(''), {
    head: '\r\ntransfer-encoding: chunked\r\nx-a: 1',
  }),
  row('a head of 40 KiB', hello(`X-A: ${'a'.repeat(40 * 1024)}`), answered('hello'), {
    undici: [refused, upTo16KiB],
  }),
  row('a thousand headers', hello(...Array.from({ length: 1000 }, (_, at) => `X-${at}: 1`)), answered('hello')),
];

const badHeads: readonly Case[] = [
  row('no HTTP', raw('SSH-2.0-OpenSSH_9.6\r\n\r\n'), refused),
  row('HTTP/2', under('HTTP/2.0 200 OK', ['Content-Length: 0']), refused, {
    undici: [last(''), 'llhttp takes 2.0 for a version like any other'],
  }),
  row('HTTP/0.9', raw('<html></html>'), refused),
  row('another case', under('http/1.1 200 OK', ['Content-Length: 0']), refused),
  row('two blanks before the status', under('HTTP/1.1  200 OK', ['Content-Length: 0']), refused),
  row('a status of two digits', under('HTTP/1.1 20 OK', ['Content-Length: 0']), refused),
  row('a status of four digits', under('HTTP/1.1 2000 OK', ['Content-Length: 0']), refused),
  row('a status below 100', under('HTTP/1.1 099 OK', ['Content-Length: 0']), refused),
  row('line feeds alone', raw('HTTP/1.1 200 OK\nContent-Length: 5\n\nhello'), refused),
  row('a line feed alone after one header', raw('HTTP/1.1 200 OK\r\nX-A: 1\nContent-Length: 5\r\n\r\nhello'), refused),
  row('a line feed alone at the end of the head', raw('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\nhello'), refused),
  row('a carriage return alone', raw('HTTP/1.1 200 OK\r\nX-A: 1\rX-B: 2\r\nContent-Length: 5\r\n\r\nhello'), refused),
  row('NUL in a value', hello('X-A: a\0b'), refused),
  row('NUL in a name', hello('X\0A: b'), refused),
  row('a control character in a value', hello('X-A: a\x01b'), refused),
  row('a blank before the colon', hello('X-A : 1'), refused),
  row('a blank before the colon of the length', head(['Content-Length : 5'], 'hello'), refused),
  row('a header without a colon', hello('X-A'), refused),
  row('a header without a name', hello(': 1'), refused),
  row('a name beyond ASCII', hello('X-\xe9: 1'), refused),
  row('a folded header', hello('X-A: 1', ' 2'), refused, {
    undici: [answered('hello'), 'llhttp unfolds what RFC 9112 lets a user agent unfold'],
  }),
  row('a folded first header', hello(' X-A: 1'), refused, {
    undici: [answered('hello'), 'llhttp skips the blank'],
  }),
  row('a head over 64 KiB in one header', hello(`X-A: ${'a'.repeat(70 * 1024)}`), refused),
  row(
    'a head over 64 KiB in many',
    hello(...Array.from({ length: 700 }, (_, at) => `X-${at}: ${'a'.repeat(100)}`)),
    refused,
  ),
  row('a head without end over 64 KiB', raw(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(70 * 1024)}`), refused),
  row(
    'a name without end over 64 KiB',
    raw('HTTP/1.1 200 OK\r\n', ...Array.from({ length: 8 }, () => 'a'.repeat(9 * 1024))),
    refused,
  ),
  row('interim heads of 100 KiB in all', raw('HTTP/1.1 103 Early\r\nX: 1234567\r\n\r\n'.repeat(3000)), refused, {
    undici: [failed('timeout'), 'undici counts the bytes of each head'],
  }),
];

const badFraming: readonly Case[] = [
  row(
    'both a length and chunks',
    head(['Content-Length: 5', 'Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'),
    refused,
  ),
  row(
    'both chunks and a length',
    head(['Transfer-Encoding: chunked', 'Content-Length: 5'], '5\r\nhello\r\n0\r\n\r\n'),
    refused,
  ),
  row('two lengths that differ', head(['Content-Length: 5', 'Content-Length: 6'], 'hello!'), refused),
  row('two lengths that agree', head(['Content-Length: 5', 'Content-Length: 5'], 'hello'), answered('hello'), {
    undici: [refused, 'llhttp takes one length; RFC 9112, 6.3 lets a client do either'],
  }),
  row('a list of lengths that agree', head(['Content-Length: 5, 5'], 'hello'), refused),
  row('a list of lengths that differ', head(['Content-Length: 5, 6'], 'hello'), refused),
  ...['-5', '+5', '0x5', '5a', '5.0', '', '5 5', '99999999999999999999', '1'.repeat(400)].map((length) =>
    row(`a length of "${length.slice(0, 24)}"`, head([`Content-Length: ${length}`], 'hello'), refused),
  ),
  row('chunks of chunks', head(['Transfer-Encoding: chunked, chunked'], '5\r\nhello\r\n0\r\n\r\n'), refused, {
    undici: [unreadable, onceMore],
  }),
  row('chunks of gzip that is none', head(['Transfer-Encoding: gzip, chunked'], '5\r\nhello\r\n0\r\n\r\n'), unreadable),
  row('chunks of nobody knows what', head(['Transfer-Encoding: x, chunked'], '5\r\nhello\r\n0\r\n\r\n'), unreadable),
  row(
    'chunked in two headers',
    head(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '5\r\nhello\r\n0\r\n\r\n'),
    refused,
    { undici: [unreadable, onceMore] },
  ),
  row(
    'a length beside a coding that is not chunked',
    head(['Transfer-Encoding: gzip', 'Content-Length: 5'], 'hello'),
    refused,
  ),
];

const badChunks: readonly Case[] = [
  ...[
    '',
    'g',
    '-5',
    '+5',
    '0x5',
    ' 5',
    '5 5',
    ';a',
    '1234567890abcdef',
    '0'.repeat(16) + '5x',
    'fffffffffffffffff',
  ].map((size) =>
    row(`a chunk size of "${size}"`, inChunks(`${size}\r\nhello\r\n0\r\n\r\n`), refused, {
      undici: [failed('timeout'), 'llhttp takes sizes of up to 64 bits, and waits for what is never to come'],
    }),
  ),
  row('a chunk longer than its size', inChunks('5\r\nhello!\r\n0\r\n\r\n'), refused),
  row('a chunk without CR LF behind it', inChunks('5\r\nhello0\r\n\r\n'), refused),
  row('a carriage return alone behind a chunk', inChunks('5\r\nhello\rX0\r\n\r\n'), refused),
  row('a carriage return alone behind a chunk size', inChunks('5\rXhello\r\n0\r\n\r\n'), refused),
  row('a carriage return alone behind a trailer', inChunks('0\r\nX-A: 1\rX\r\n\r\n'), refused),
  row('a carriage return alone at the end of the trailers', inChunks('0\r\n\rX'), refused),
  row('a chunk with a line feed alone behind it', inChunks('5\r\nhello\n0\r\n\r\n'), refused),
  row('a semicolon with no extension behind it', inChunks('5;\r\nhello\r\n0\r\n\r\n'), refused),
  row('a chunk extension without a name', inChunks('5;="a"\r\nhello\r\n0\r\n\r\n'), refused, {
    undici: [answered('hello'), 'llhttp takes an extension of a value alone'],
  }),
  row('an unbalanced quote in a chunk extension', inChunks('5;a="b\r\nhello\r\n0\r\n\r\n'), refused),
  row('a chunk size with a line feed alone', inChunks('5\nhello\r\n0\r\n\r\n'), refused),
  row('a carriage return in a chunk extension', inChunks('5;a\rb\r\nhello\r\n0\r\n\r\n'), refused),
  row('a line feed in a chunk extension', inChunks('5;a\nb\r\nhello\r\n0\r\n\r\n'), refused),
  row('a trailer without a colon', inChunks('5\r\nhello\r\n0\r\nX-A\r\n\r\n'), refused),
  row('a trailer with a line feed alone', inChunks('5\r\nhello\r\n0\r\nX-A: 1\n\r\n'), refused),
  row('a chunk extension over 64 KiB', inChunks(`5;${'a'.repeat(70 * 1024)}\r\nhello\r\n0\r\n\r\n`), refused, {
    undici: [answered('hello'), 'llhttp passes over extensions of any length'],
  }),
  row('trailers over 64 KiB', inChunks(`0\r\n${'X-A: 12345678\r\n'.repeat(6000)}\r\n`), refused),
];

const surplus: readonly Case[] = [
  row(
    'a second answer in the same piece',
    head(['Content-Length: 5'], 'helloHTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad'),
    last('hello'),
  ),
  row(
    'a second answer in the next piece',
    followed(hello(), 'HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad'),
    last('hello'),
  ),
  row('the beginning of one in the next piece', followed(hello(), 'HTTP/1'), last('hello')),
  row('a byte too much', head(['Content-Length: 5'], 'hello!'), last('hello')),
  row('a line feed too much', head(['Content-Length: 5'], 'hello\n'), last('hello'), {
    undici: [answered('hello'), 'llhttp takes a line feed alone for an empty line'],
  }),
  row('a carriage return alone too much, and more', head(['Content-Length: 5'], 'hello\rH'), last('hello')),
  row('a byte too much after chunks', inChunks('5\r\nhello\r\n0\r\n\r\n!'), last('hello')),
  row('a body of 204', under('HTTP/1.1 204 No Content', ['Content-Length: 5'], 'hello'), last('', 204)),
  row('a body of 304', under('HTTP/1.1 304 Not Modified', ['Content-Length: 5'], 'hello'), last('', 304)),
  row('a body of 204 without a length', under('HTTP/1.1 204 No Content', [], 'hello'), last('', 204)),
  row(
    'a body of 204 in the next piece',
    followed(under('HTTP/1.1 204 No Content', ['Content-Length: 5']), 'hello'),
    last('', 204),
  ),
  row(
    'a body of 304 in the next piece',
    followed(under('HTTP/1.1 304 Not Modified', ['Content-Length: 5']), 'hello'),
    last('', 304),
  ),
  row('an empty line behind it', head(['Content-Length: 5'], 'hello\r\n'), answered('hello')),
  row('three empty lines behind it', head(['Content-Length: 5'], 'hello\r\n\r\n\r\n'), answered('hello')),
  row('an empty line behind chunks', inChunks('5\r\nhello\r\n0\r\n\r\n\r\n'), answered('hello')),
  row('an empty line behind a 204', under('HTTP/1.1 204 No Content', [], '\r\n'), answered('', 204)),
  row('an empty line in the next piece', followed(hello(), '\r\n'), answered('hello')),
  row('an empty line in two pieces', followed(hello(), '\r', '\n'), answered('hello')),
  row(
    'half an empty line with it, and half later',
    followed(head(['Content-Length: 5'], 'hello\r'), '\n'),
    answered('hello'),
  ),
];

const blank: readonly Case[] = [
  row('one', raw(`\r\n${[...hello().chunks].join('')}`), answered('hello')),
  row('three', raw(`\r\n\r\n\r\n${[...hello().chunks].join('')}`), answered('hello')),
  row('in pieces of their own', followed(raw('\r\n', '\r', '\n'), ...hello().chunks), answered('hello')),
  row(
    'behind an interim answer',
    followed(raw('HTTP/1.1 103 Early\r\n\r\n\r\n'), ...hello().chunks),
    answered('hello'),
  ),
  row('with half a head', followed(raw('\r\nHTTP/1'), [...hello().chunks].join('').slice(6)), answered('hello')),
  row('a line feed alone is none', raw(`\n${[...hello().chunks].join('')}`), refused, {
    undici: [answered('hello'), 'llhttp takes a line feed alone for an empty line'],
  }),
  row('a carriage return alone is none', raw(`\r${[...hello().chunks].join('')}`), refused, {
    undici: [answered('hello'), 'llhttp takes a carriage return alone for an empty line'],
  }),
  row('the two halves of none', followed(raw('\r'), ...hello().chunks), refused, {
    undici: [answered('hello'), 'llhttp takes a carriage return alone for an empty line'],
  }),
  row('100 KiB of them', raw('\r\n'.repeat(50 * 1024)), refused, {
    undici: [failed('timeout'), 'llhttp passes over any number of them'],
  }),
];

const cutOff: readonly Case[] = (['fin', 'rst'] as const).flatMap((end) => {
  const by = end === 'fin' ? hangUp : tearDown;
  const cut = (title: string, answer: Parameters<typeof by>[0], more: Parameters<typeof row>[3] = {}): Case =>
    row(`${title} (${end})`, by(answer), failed('reset'), more);
  return [
    cut('before the head', raw(), post),
    cut('before the head of a GET on a fresh connection', raw()),
    cut('inside the status line', raw('HTTP/1.1 2')),
    cut('inside a header', raw('HTTP/1.1 200 OK\r\nContent-Le')),
    cut('before the empty line', raw('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n')),
    cut('after an interim answer', raw('HTTP/1.1 100 Continue\r\n\r\n'), { ...post, undici: [refused, no100] }),
    cut('before a body with a length', head(['Content-Length: 5'])),
    cut('inside a body with a length', head(['Content-Length: 5'], 'hell')),
    cut('before a chunk', inChunks('')),
    cut('inside a chunk size', inChunks('1')),
    cut('inside a chunk', inChunks('5\r\nhel')),
    cut('before the last chunk', inChunks('5\r\nhello\r\n')),
    cut('before the end of the trailers', inChunks('5\r\nhello\r\n0\r\n')),
    ...(end === 'rst'
      ? [
          cut('inside a body without a length', head([], 'hello'), {
            undici: [last('hello'), 'undici takes a reset for the end, as macOS sends one behind a whole body'],
          }),
        ]
      : []),
  ];
});

/** Every table, by what its answers have in common. */
export const tables: readonly (readonly [title: string, cases: readonly Case[]])[] = [
  ['a length ends an answer', lengths],
  ['chunks make up an answer', chunks],
  ['an answer has no body', bodiless],
  ['interim answers precede the final one', interim],
  ['empty lines precede an answer', blank],
  ['the server says whether the connection stays', persistence],
  ['a head is read as it stands', heads],
  ['a bad head is refused', badHeads],
  ['bad framing is refused', badFraming],
  ['bad chunks are refused', badChunks],
  ['bytes behind an answer are nobody’s', surplus],
  ['an answer that is cut off is a reset', cutOff],
];
