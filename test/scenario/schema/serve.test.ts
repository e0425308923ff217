import { describe, expect, test } from 'vitest';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { shownWords } from '../../../src/serve/fill.ts';
import type { Problem } from '../../../src/scenario/text/problem.ts';
import { planOf, read } from '../reading.ts';

const scenarioOf = (serve: string, more = ''): string => `
${/^target:/mu.test(more) ? '' : 'target: "http://127.0.0.1:${port}"'}
serve: ${serve}
steps: [{ get: / }]
${more}`;

const problemsOf = (text: string): readonly Problem[] => {
  const result = read(text);
  return 'problems' in result ? result.problems : [];
};

const commandOf = (command: string): readonly string[] | undefined =>
  planOf(scenarioOf(`{ command: ${JSON.stringify(command)} }`)).modes[0].serve?.command;

describe('a command', () => {
  test.each([
    ['node server.js --port ${port}', ['node', 'server.js', '--port', '${port}']],
    [`sh -c 'a && b > "c d"'`, ['sh', '-c', 'a && b > "c d"']],
    [String.raw`a"b c"d e\ f ''`, ['ab cd', 'e f', '']],
    ['node --title=$${HOME}', ['node', '--title=$${HOME}']],
    [`node -e 'setTimeout(() => {}, 1000);'`, ['node', '-e', 'setTimeout(() => {}, 1000);']],
    [`node -e "it's(a && b > c)"`, ['node', '-e', "it's(a && b > c)"]],
    [String.raw`node '$HOME' \$HOME "\$HOME" '*.js' a\*b`, ['node', '$HOME', '$HOME', '$HOME', '*.js', 'a*b']],
    ['node a.js --port=${ port + 1 } ${folder}/db', ['node', 'a.js', '--port=${ port + 1 }', '${folder}/db']],
    ['node a.js --at http://a/b?c=d#e --less=~/a', ['node', 'a.js', '--at', 'http://a/b?c=d#e', '--less=~/a']],
    ['\n  node a.js\n', ['node', 'a.js']],
    ['node \\\n  a.js', ['node', 'a.js']],
  ])('%s is split as a shell splits it, and nothing is expanded', (command, words) => {
    expect(commandOf(command)).toEqual(words);
  });

  test('is a list of words as well, which stand as they are', () => {
    const plan = planOf(scenarioOf(`{ command: [node, 8080, '$HOME', '&&'] }`));
    expect(plan.modes[0].serve?.command).toEqual(['node', '8080', '$HOME', '&&']);
  });

  test.each([
    ['npm ci && node a.js', '"&&" is for a shell'],
    ['node a.js | tee log', '"|" is for a shell'],
    ['node a.js 2>&1', '"2>&1" is for a shell'],
    ['npm ci; node a.js', '"ci;" is for a shell'],
    ['node $HOME/a.js', 'a shell would expand "$HOME/a.js"'],
    ['node `which a`', 'a shell would expand'],
    ['npm ci&&node a.js', '"ci&&node" is for a shell'],
    ['(node a.js)', '"(node" is for a shell'],
    ['node a.js # the api', '"#" is for a shell'],
    ['node "$HOME/a.js"', 'a shell would expand "\\"$HOME/a.js\\""'],
    ['node "`which a`"', 'a shell would expand'],
    ['node a.js $1', 'a shell would expand "$1"'],
    ['~/bin/api', 'a shell would expand "~/bin/api"'],
    ['node dist/*.js', 'a shell would expand "dist/*.js"'],
    ['npm ci\nnode a.js', 'two lines are two commands'],
    ['PORT=80 node a.js', '"PORT=80" is not a program'],
    ["node 'a", 'a quote in this command is never closed'],
    ['', 'a command has a program'],
  ])('%s is for a shell, of which there is none: it is refused with what to write', (command, said) => {
    const [problem] = problemsOf(scenarioOf(`{ command: ${JSON.stringify(command)} }`));
    expect(problem).toMatchObject({ path: 'serve.command', message: expect.stringContaining(said) as unknown });
    expect(problem?.hint).toBeTruthy();
  });

  test('is shown as somebody would type it', () => {
    expect(shownWords(['node', 'a b.js', "it's", '${port}'])).toBe(
      String.raw`node 'a b.js' 'it'\''s' \${port}`.replace('\\$', '$'),
    );
  });
});

describe('a serve', () => {
  const serves = ({ modes }: Plan): readonly (string | undefined)[] => modes.map(({ serve }) => serve?.name);

  test('is one process for all modes that say the same of it, and one for each that says something else', () => {
    const plan = planOf(
      scenarioOf(
        '{ command: node a.js, env: { A: "1", B: "2" }, ready: { get: /health } }',
        `modes:
  a: none
  b: mutex
  c: { serve: { env: { B: null } } }
  d: { serve: { ready: { log: listening } } }
  e: { serve: { env: { A: "1" } } }
  f: { serve: null, target: 'http://127.0.0.1:1' }`,
      ),
    );
    expect(serves(plan)).toEqual(['serve-1', 'serve-1', 'serve-2', 'serve-3', 'serve-1', undefined]);
    expect(plan.modes[2]!.serve?.env).toEqual([['A', '1']]);
    expect(plan.modes[3]!.serve?.ready).toMatchObject({ kind: 'log', text: 'listening' });
  });

  test('is one process for modes that name the same variables in another order', () => {
    const modes = 'modes: { a: { serve: { env: { A: "1", B: "2" } } }, b: { serve: { env: { B: "2", A: "1" } } } }';
    expect(serves(planOf(scenarioOf('{ command: node a.js }', modes)))).toEqual(['serve-1', 'serve-1']);
  });

  test('has a fixed port where its target names one', () => {
    const [mode] = planOf(scenarioOf('{ command: node a.js }', 'target: http://localhost:8080/api')).modes;
    expect(mode.serve).toMatchObject({ origin: 'http://localhost', port: 8080, ready: { kind: 'connect' } });
  });

  test('has the environment that the scenario declares, as text', () => {
    const more = 'env: { LEVEL: debug }';
    const [mode] = planOf(
      scenarioOf(`{ command: 'node a.js \${env.LEVEL}', env: { name: '\${env.LEVEL}' } }`, more),
    ).modes;
    expect(mode.serve).toMatchObject({ command: ['node', 'a.js', '${"debug"}'], env: [['name', '${"debug"}']] });
  });

  test.each([
    ['{ command: a }', 'target: https://api.example.com', 'runs on this machine'],
    ['{ command: a }', 'target: builtin:store', 'over http or https'],
    ['{ command: a }', 'target: "http://127.0.0.1/${port}"', 'belongs where the port is'],
    ['{ command: a, reuse: true }', '', 'nothing can already run on a port that contend chooses'],
    ['{ command: a, reuse: true, git: main }', 'target: http://127.0.0.1:80', 'any build'],
    ['{ command: a, ready: { get: /, log: b } }', '', 'contend waits for one thing'],
    ['{ command: a, ready: { status: 200 } }', '', '"status" is only for "get"'],
    ['{ command: a, ready: { log: "(" } }', '', 'cannot be read'],
    ['{ command: "a ${token}" }', '', 'unknown name "token"'],
    ['{ command: a, env: { A-B: c } }', '', 'cannot name a variable of the environment'],
    ['{ command: a, stop: { signal: SIGNAL } }', '', 'expected the name of a signal'],
    ['{ command: a, git: --upload-pack=x }', '', 'names neither a branch nor a commit'],
    ['{ command: a, git: main..fix }', '', 'names neither a branch nor a commit'],
    ['{ command: a, git: 2.0 }', '', 'expected a branch or a commit, got the number 2'],
    ['{ command: a, port: 80 }', '', 'unknown key "port"'],
    [
      '{ command: a }',
      'target: http://127.0.0.1:80\nmodes: { a: none, b: { serve: { command: b } } }',
      'two processes cannot both listen on port 80',
    ],
  ])('%s with %s is refused: %s', (serve, more, said) => {
    expect(problemsOf(scenarioOf(serve, more)).map(({ message }) => message)).toContainEqual(
      expect.stringContaining(said),
    );
  });

  test('${port} without one is refused, and so is anything else in a target', () => {
    const without = (target: string): readonly (string | undefined)[] =>
      problemsOf(`target: '${target}'\nsteps: [{ get: / }]`).map(({ message }) => message);
    expect(without('http://127.0.0.1:${port}')).toEqual([expect.stringContaining('there is none')]);
    expect(without('http://evil.example:${port}')).toEqual([expect.stringContaining('there is none')]);
    expect(without('http://${host}')).toEqual([expect.stringContaining('a target can only use ${port}')]);
  });
});
