import { test } from 'vitest';
import { readScenario } from '../../src/scenario/read-scenario.ts';
import { renderProblems } from '../../src/scenario/problem.ts';
const big = (t: string) => t.slice(0, 1048576);
const steps = 'steps:\n' + '- get: /a/${x}\n'.repeat(3200);
const modes = 'modes:\n' + Array.from({ length: 32 }, (_, i) => `  m${i}: mutex\n`).join('');
const laughs = (n: number, w: number) =>
  [
    'a0: &a0 lol',
    ...Array.from({ length: n }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(w).fill(`*a${i}`).join(', ')}]`),
  ].join('\n');
const T: Record<string, string> = {
  laughs: laughs(20, 10),
  laughs2: laughs(3, 10),
  deepalias: laughs(100, 1),
  quad: 'a: &a [' + 'x,'.repeat(5000) + ']\nb: [' + '*a,'.repeat(3000) + ']',
  flow: '['.repeat(1e6),
  flowmap: '{a: '.repeat(250000),
  seq: '- '.repeat(500000),
  q: '? '.repeat(500000),
  nums: '[' + '1,'.repeat(500000) + ']',
  keys: Array.from({ length: 150000 }, (_, i) => 'k' + i + ': 1').join('\n'),
  keys9: Array.from({ length: 9000 }, (_, i) => 'k' + i + ': 1').join('\n'),
  anchors: '&a '.repeat(300000),
  colon: 'a: '.repeat(300000),
  quote: '"' + '\\n'.repeat(500000) + '"',
  text: 'x: |\n' + ' a\n'.repeat(300000),
  errs: '@ '.repeat(500000),
  tags: '!a '.repeat(300000),
  comments: '# x\n'.repeat(250000),
  docs: '---\n'.repeat(250000),
  quotes: "'\n".repeat(400000),
  closers: ']'.repeat(1e6),
  commas: '{' + ','.repeat(1e6),
  colons: ':'.repeat(1e6),
  dir: '%YAML 1.2\n'.repeat(90000),
  aliases: 'a: &a 1\nb: [' + '*a,'.repeat(300000) + ']',
  spaces: ' '.repeat(1e6),
  nl: '\n'.repeat(1e6),
  plain: 'a '.repeat(500000),
  multi: '{a: b\n'.repeat(100000),
  indent: Array.from({ length: 1400 }, (_, i) => ' '.repeat(i) + 'a:').join('\n'),
  seq49: '- '.repeat(20000),
  flow49: '['.repeat(49000),
  comm49: '{' + ','.repeat(49000),
  cl49: 'a: 1\n' + ']'.repeat(49000),
  anc49: '&a '.repeat(24000),
  q49: "'\n".repeat(40000),
  steps: 'target: http://x\ndata: {x: 1..2}\n' + steps + modes,
  steps999:
    'target: http://x\ndata: {x: 1..2}\nsteps:\n' + '- get: /a/${x}\n  headers: {a: b, c: d}\n'.repeat(990) + modes,
  badsteps: 'target: http://x\n' + steps + modes,
  tmpl: 'target: http://x\nsteps: [{ get: "/${' + '('.repeat(900000) + '}" }]',
  tmpl2: 'target: http://x\nsteps: [{ get: "/${' + 'a+'.repeat(400000) + 'a}" }]',
  tmpl3: 'target: http://x\nsteps: [{ get: "/' + '${'.repeat(400000) + '" }]',
  tmpl4: 'target: http://x\nsteps: [{ get: "/' + '${a}'.repeat(200000) + '" }]',
  tmpl5: 'target: http://x\nsteps: [{ get: "/' + '$${'.repeat(300000) + '" }]',
  tmpl6: 'target: http://x\nsteps: [{ get: "/${' + 'a.'.repeat(400000) + 'a}" }]',
  tmpl7: 'target: http://x\nsteps: [{ get: "/${' + '-'.repeat(400000) + 'a}" }]',
  tmpl8: 'target: http://x\nsteps: [{ get: "/${' + 'a?'.repeat(300000) + 'a}" }]',
  tmpl9:
    'target: http://x\nsteps: [{ get: "/' + Array.from({ length: 100000 }, (_, i) => '${a' + i + '}').join('') + '" }]',
  nullkey: '{ : x, ? : y, "": z}',
  tagalias: 'a: &x 1\nb: !t *x',
  cp: 'a: "\\U0011FFFF"',
  anchorkey: '&k a: 1\nb: *k',
  selfmerge: '<<: *a',
  pathlong: 'a'.repeat(900) + ':\n' + ' x: 1',
  longname: 'target: http://x\nsteps: [{get: /, name: "' + 'x'.repeat(1e6) + '"}]',
  longkey: '? ' + 'x'.repeat(1e6) + '\n: 1\n',
  dur: 'load: {duration: ' + '1'.repeat(1e6) + 's}',
  tgt: 'target: http://' + '/'.repeat(1e6),
  head: 'headers: {"' + 'x'.repeat(900000) + '": 1}',
};
test('x', () => {
  for (const [k, t] of Object.entries(T)) {
    const s = performance.now();
    const r = readScenario({ text: big(t), file: 'f', settings: [], seed: 7 });
    const d = performance.now() - s;
    const s2 = performance.now();
    const text = 'plan' in r ? 'PLAN' : renderProblems(r.problems);
    console.log(k, d | 0, (performance.now() - s2) | 0, 'plan' in r ? '' : r.problems.length, text.slice(0, 250));
  }
}, 300000);
