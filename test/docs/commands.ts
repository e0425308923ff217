import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** A command as a page says it. */
export interface DocCommand {
  readonly page: string;
  readonly text: string;
}

/** The pages that a user reads. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** A page's text. */
export const pageText = (page: string): string => readFileSync(new URL(page, root), 'utf8');

const program =
  /^(?:[A-Z_]+=\S+ )*(?:npx|npm|contend|node|docker|apt|curl|autocannon|source|git fetch|git worktree)\b(?! \|)/u;

/** `contend run` in a sentence is its name, and no command. */
const isName = (text: string): boolean =>
  /^(?:npx )?contend (?:run|validate|report|verify|init|sweep|store|agent|compare)(?: (?:FILE|<url>|--history|before\.json after\.json))?$/u.test(
    text,
  );

/** What a reader would type: lines of blocks, and what stands between backticks in a sentence. */
const commandsOf = (page: string): readonly DocCommand[] => {
  const text = pageText(page);
  const blocks = [...text.matchAll(/^ *```(\w*)[^\n]*\n(.*?)^ *```/gmsu)];
  const fromBlocks = blocks.flatMap(([, language, body = '']) => {
    if (!['', 'sh', 'bash'].includes(language!) || body.startsWith('#!')) return [];
    return body.split('\n').flatMap((line) => commandIn(line.trim()) ?? []);
  });
  const prose = text.replaceAll(/^ *```.*?^ *```/gmsu, '');
  const fromProse = [...prose.matchAll(/`([^`\n]+)`/gu)].flatMap(([, span]) => {
    const command = commandIn(span!);
    return command === undefined || !command.includes(' ') || isName(command) ? [] : [command];
  });
  return [...new Set([...fromBlocks, ...fromProse])].map((one) => ({ page, text: one }));
};

/** Without the prompt, and without the comment that some lines have. */
const commandIn = (line: string): string | undefined => {
  const text = line.replace(/^\$ /u, '').replace(/(?: {2,}#.*| {3,}\S.*)$/u, '');
  return program.test(text) ? text : undefined;
};

/** Every command of every page. */
export const allCommands: readonly DocCommand[] = pages.flatMap(commandsOf);

/** Pages whose blocks a test of their own runs, with servers that have the bugs that they tell of. */
const ofPages: { readonly [page: string]: readonly [test: string, only?: RegExp] } = {
  'docs/recipes.md': ['recipes.long.test.ts'],
  'docs/coming-from.md': ['coming-from.test.ts', /^npx contend run (?:from-|http)/u],
  'docs/ci.md': ['ci.test.ts', /^npx contend (?:compare|run seats\.yaml)/u],
};

/** What no test types as it stands, and why; what is done in its place, if anything. */
const others: readonly (readonly [command: RegExp, why: string])[] = [
  [/ --agents \d|agent --redis/u, 'needs Redis and agents: runs.long.test.ts starts them'],
  [/^contend store --port/u, 'serves until it is interrupted: scenarios.test.ts starts it'],
  [/^git fetch\b/u, 'asks the remote of a clone'],
  [/^contend sweep (?:FILE )?--over/u, 'names the flag: docs/sweep.md has it with a file'],
  [
    /^npm ci && npm (?:start|test)$/u,
    'a fresh clone: .ci/run types the second, package.test.ts and the demo what is behind the first',
  ],
  [
    /^npm (?:install|ci|test|run (?:build|test:long|check|docs)|run check && npm run test:long)$/u,
    'what these tests run in; commands.test.ts asks whether package.json has the script',
  ],
  [
    /^npm install (?:--(?:prefix|no-save) .*|[@\w].*)$/u,
    'asks the registry: commands.test.ts asks whether the package is one that contend looks for',
  ],
  [
    /^npm run bench\b|^node test\/bench\//u,
    'takes up to a quarter of an hour: parts.long.test.ts runs what needs Node alone; commands.test.ts asks whether the file is there',
  ],
  [/^npm publish\b|contend@1\.2\.3/u, 'publishes, or asks the registry for what was published'],
  [/^npx -p contend\b/u, 'asks the registry'],
  [/^apt install /u, 'installs on the machine'],
  [/^docker /u, 'needs Docker and its images: deploy.test.ts runs the lines of the Dockerfile in a folder'],
  [/^curl .*pushgateway/u, 'needs a Pushgateway'],
  [/^autocannon /u, 'is another program: it stands beside the line of contend'],
  [/scenarios\/two-builds/u, 'two-builds.test.ts runs it, with the git of a folder of its own'],
  [
    /scenarios\/(?:inventory-postgres|flash-sale|seat-booking|transfer)|store --postgres/u,
    'needs PostgreSQL: postgres.long.test.ts starts one',
  ],
  [/scenarios\/redis-lease/u, 'needs Redis: scenarios.test.ts starts one'],
  [/^contend sweep scenarios\/key-sweep/u, 'takes minutes: sweep.long.test.ts runs it for less long'],
];

/** Why a command is not run by `commands.long.test.ts`; undefined: it is. */
export const whyNotRun = ({ page, text }: DocCommand): string | undefined => {
  const [test, only] = ofPages[page] ?? [];
  if (test !== undefined && (only === undefined || only.test(text))) return `${test} runs it`;
  return others.find(([command]) => command.test(text))?.[1];
};

/** The reasons that there are, for whoever asks whether each is still one. */
export const reasons = others;
