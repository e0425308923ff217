import { Argument, Command, CommanderError, Option } from 'commander';
import { ContendError, messageOf } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import type { Find } from '../core/sweep/plan.ts';
import type { AgentFlags } from './flags/agent.ts';
import type { CompareFlags } from './commands/compare.ts';
import type { InitFlags } from './commands/init.ts';
import type { ReportFlags, ReportFormat } from './commands/report.ts';
import type { RunFlags } from './flags/run.ts';
import { refusedFlags, type SweepFlags } from './flags/sweep.ts';
import type { StoreFlags } from './commands/store.ts';
import type { ValidateFlags } from './commands/validate.ts';
import type { VerifyFlags } from './commands/verify.ts';
import { exitCodeOf, exitCodes, exitCodesHelp } from './exit-codes.ts';

/**
 * The command line: `argv` → what it asks for → the exit code.
 *
 * Never rejects. A command is loaded when it is asked for: `--version` and `--help` load none.
 */
export const main = async (host: Host): Promise<number> => {
  let exitCode: number = exitCodes.pass;
  const then = (code: number): void => void (exitCode = code);
  try {
    checkFirst(host.argv);
    await program(host, then).parseAsync(host.argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
    if (error instanceof ContendError) {
      host.stderr.write(`contend: ${error.message}\n${error.hint === '' ? '' : `${error.hint}\n`}`);
      return exitCodeOf(error.code);
    }
    const told = error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
    host.stderr.write(`contend: internal error, a bug in contend. Please report it with what follows.\n${told}\n`);
    return exitCodes.internalError;
  }
};

/** An address or a scenario in place of a command, as other tools take them. @throws {ContendError} ERR_USAGE */
const checkFirst = ([first = '']: readonly string[]): void => {
  if (/^https?:\/\/|\.ya?ml$/iu.test(first))
    throw new ContendError('ERR_USAGE', `${first} is no command.`, `contend run ${first}`);
};

const program = (host: Host, then: (exitCode: number) => void): Command => {
  const contend = new Command('contend')
    .description(
      'Load-tests an API under several ways of coordinating concurrent requests:\nwhat each lock costs, and what dropping it loses.',
    )
    .version(host.tool.version, '-V, --version')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
      getOutHelpWidth: () => host.stdout.columns() ?? 80,
      getErrHelpWidth: () => host.stderr.columns() ?? 80,
    })
    .showHelpAfterError('(contend --help lists what there is)')
    .addHelpText('after', exitCodesHelp);
  withRunFlags(
    contend.command('demo').description('the built-in store, locked against lock-free, in half a minute'),
  ).action(async (flags: RunFlags) => then(await (await import('./commands/run.ts')).demo(host, flags)));
  withRunFlags(
    contend
      .command('run')
      .description('run every mode of a scenario, compare, judge; an address is one step without a lock')
      .argument('<scenario.yaml | url>', 'the scenario, or http://… to send requests to')
      .option('-m, --method <method>', 'with an address: GET unless given, POST with a body')
      .option('-b, --body <body>', 'with an address: what is sent, JSON or any text; @file for the content of a file'),
  ).action(async (file: string, flags: RunFlags) =>
    then(await (await import('./commands/run.ts')).runFile(host, file, flags)),
  );
  withSweepFlags(
    contend
      .command('sweep')
      .description('run every mode over an axis: where each peaks, where they cross, how much load keeps the gates')
      .argument('<scenario.yaml>', 'the scenario')
      .option(
        '--over <axis>',
        'what is raised: users=1..128, rate=100..5000, data.NAME=1,4,20; else "sweep:" of the file',
      )
      .addOption(new Option('--find <what>', 'refine where modes cross, or search the highest load').choices(finds))
      .option('--width <share>', 'how closely a capacity is found: 5% unless given'),
  ).action(async (file: string, flags: SweepFlags) =>
    then(await (await import('./commands/sweep.ts')).sweepFile(host, file, flags)),
  );
  contend
    .command('validate')
    .description('check scenario files; nothing is sent')
    .argument('<scenario.yaml...>', 'the scenarios')
    .option('--allow-host <host>', 'a host that the scenario does not name; may be given again', also)
    .option('--agents <n>', 'as if it was measured on so many machines')
    .action(async (files: string[], flags: ValidateFlags) =>
      then(await (await import('./commands/validate.ts')).validate(host, files, flags)),
    );
  contend
    .command('init')
    .description('write a commented scenario to begin with')
    .argument('[file]', 'the file to write; an existing one is never overwritten', 'scenario.yaml')
    .option(
      '--from <source>',
      'make it from a curl command, a file of them, a HAR file, a Postman collection or an OpenAPI document; - for stdin',
    )
    .option('--tag <name>', 'from an OpenAPI document: operations with this tag; may be given again', also)
    .option(
      '--operations <which>',
      "of an OpenAPI document: 'POST /pets', '/pets/*' or an id; may be given again",
      also,
    )
    .option('--origin <url>', 'of a recording, or commands, for several hosts: the one that is the target')
    .action(async (file: string, flags: InitFlags) =>
      then(await (await import('./commands/init.ts')).init(host, file, flags)),
    );
  contend
    .command('report')
    .description('render a result document again')
    .argument('<result.json>', 'a file that --out or --json has written; report.html will do')
    .addOption(new Option('--format <format>', 'on stdout: terminal unless given').choices(formats))
    .option('-o, --out <dir>', 'write files into this folder: all of them unless --format names one')
    .option('--details', 'on a terminal: every table, instead of one screen')
    .option('--no-color', 'no colour')
    .action(async (file: string, flags: ReportFlags) =>
      then(await (await import('./commands/report.ts')).report(host, file, flags)),
    );
  contend
    .command('compare')
    .description('put two result documents side by side: advisory, nothing is judged')
    .argument('<before.json>', 'the earlier one; report.html will do')
    .argument('<after.json>', 'the later one')
    .addOption(
      new Option('--format <format>', 'terminal unless given').choices(['terminal', 'html', 'markdown', 'json']),
    )
    .addOption(new Option('--json', 'print the comparison as JSON').conflicts('format'))
    .option('--no-color', 'no colour')
    .action(async (before: string, after: string, flags: CompareFlags) =>
      then(await (await import('./commands/compare.ts')).compare(host, [before, after], flags)),
    );
  contend
    .command('verify')
    .description('was the data right: check a recorded history of operations against a model')
    .argument('<history>', 'one JSON operation a line, or what --history of a run has kept')
    .option('--model <name>', `${models}; what a run has kept names its own`)
    .option('--module <file>', 'with --model custom: an ES module with init and step, maybe equal and hash')
    .option(
      '--initial <value>',
      'what every key had before the first operation, as JSON; if not given, what a kept file says',
    )
    .option('--partition <field>', 'judge the values of this field separately, as those of the key')
    .option('--ordered', 'issue: a number that is asked for after another is greater')
    .option('--dense', 'issue: no number is left out')
    .option('--lease <time>', 'mutex: how long after it was asked for a lock lapses')
    .option('--limit <n>', 'at-most: how many may be granted, where the operations do not say it')
    .option('--per <time>', 'at-most: the time that the limit is for; altogether unless given')
    .option('--window <fixed|sliding>', 'at-most: in windows of that length, or in every stretch; fixed unless given')
    .option('--burst <n>', 'at-most: how many more may come at once')
    .option('--promise <linearizable|session>', 'register: what is promised; linearizable unless given')
    .option('--refusals <justified|any>', 'cas-register: whether a cas is refused for a reason; any unless given')
    .option('--by <n>', 'once: by how much doing it once moves what is read; 1 unless given')
    .option('--no-clock', 'times are by several clocks: only the order within a session counts')
    .option('--budget <time>', 'for searches, where no quicker way is exact', '1m')
    .option('--json', 'print the verdict, the keys and the findings as JSON')
    .option('--no-color', 'no colour')
    .action(async (file: string, flags: VerifyFlags) =>
      then(await (await import('./commands/verify.ts')).verify(host, file, flags)),
    );
  contend
    .command('store')
    .description('serve the built-in online store until interrupted')
    .option('--port <port>', 'the port on 127.0.0.1; 0: a free one', '8080')
    .option('--service <time>', 'how long each operation takes in memory: 1ms unless given')
    .option('--postgres', 'on PostgreSQL: DATABASE_URL, or one of its own')
    .option('--pool <n>', 'connections to PostgreSQL: 32 unless given')
    .action(async (flags: StoreFlags) => then(await (await import('./commands/store.ts')).store(host, flags)));
  contend
    .command('agent')
    .description('lend this machine to runs on several, one at a time, until interrupted')
    .option('--redis <url>', 'where it is asked for: a Redis server; else CONTEND_CLUSTER_REDIS_URL')
    .option('--allow-host <host>', 'a host that it may be pointed at, any port; may be given again', also)
    .option('-w, --workers <n>', 'how many threads it lends: auto is one for each core', 'auto')
    .option('--allow-writes', 'it may send more than GET, HEAD and OPTIONS')
    .option('--max-rate <rate>', 'refuse a share of more iterations than that, as in 2000/s')
    .option('--max-users <n>', 'refuse a share of more users')
    .option('--max-minutes <n>', 'for how long one run may have it', '60')
    .option('--runs <n>', 'end after so many runs')
    .option('--new-key', 'print a key for CONTEND_CLUSTER_KEY, and end')
    .option('-q, --quiet', 'say nothing of what it does')
    .action(async (flags: AgentFlags) => then(await (await import('./commands/agent.ts')).agent(host, flags)));
  contend
    .command('completion')
    .description('write the script with which a shell completes commands and flags')
    .addArgument(new Argument('<shell>', 'whose').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => then((await import('./commands/completion.ts')).completion(host, shell, contend)));
  contend
    .command('schema')
    .description("print the scenario's JSON Schema, for editors")
    .action(async () => then(await (await import('./commands/schema.ts')).schema(host)));
  return contend;
};

/** Not asked of the judge: `--help` loads none of it. */
const models =
  'register, cas-register, counter, rmw-counter, stock, allocation, issue, append-log, transfer, mutex, at-most, once, queue, set or custom';

/** Not asked of the reporters: `--help` loads none of them. */
const formats: readonly ReportFormat[] = [
  'terminal',
  'html',
  'markdown',
  'junit',
  'json',
  'csv',
  'violations',
  'hgrm',
  'prometheus',
];

/** Not asked of the searches: `--help` loads none of them. */
const finds: readonly Find[] = ['crossing', 'capacity'];

/** The flags of a run, but that those which a sweep does not take are taken only to be refused by their name. */
const withSweepFlags = (command: Command): Command => {
  const whole = withRunFlags(command);
  for (const flag of refusedFlags) {
    const known = whole.options.find(({ long }) => long === flag);
    if (known === undefined) whole.addOption(new Option(`${flag} [value]`).hideHelp());
    else known.hideHelp();
  }
  return whole;
};

const withRunFlags = (command: Command): Command =>
  command
    .option('--modes <a,b>', 'only these modes')
    .option('-c, --users <n>', 'virtual users: how many iterations are in flight at most')
    .option('-R, --rate <rate>', 'open load: iterations that are due, as in 2000/s')
    .addOption(new Option('--rps <rate>').conflicts('rate').hideHelp())
    .option('-d, --duration <time>', 'measured time of each mode, as in 10s')
    .option('-n, --iterations <n>', 'iterations of each mode, instead of a duration')
    .option('--rounds <n>', 'how often every mode is measured')
    .option('--budget <time>', 'shorten the slots so that the run takes no longer, as in 5m')
    .option('--history <dir>', 'keep every observed operation there, for contend verify')
    .option('--warmup <time>', 'before each slot, not measured')
    .option('--seed <n>', 'fixes values, back-off and the order of modes')
    .option('-H, --header <header>', "sent with every request, as in 'accept: text/html'; may be given again", also)
    .option('-e, --env <NAME=VALUE>', 'a value for ${env.NAME}; may be given again', also)
    .option('--target <url>', 'the API, http://unix:/path/of/socket, or builtin:store')
    .option('--allow-host <host>', 'a host that the scenario does not name, any port; may be given again', also)
    .option('--allow-run', 'start the programs that the scenario names under "serve:"')
    .option('-t, --timeout <time>', 'how long an answer may take')
    .option('-w, --workers <n>', 'threads that share the users, or auto')
    .option('--agents <n>', 'measure on that many machines, each of which runs contend agent')
    .option('--redis <url>', 'where those are asked for: a Redis server; else CONTEND_CLUSTER_REDIS_URL')
    .option('--wait-agents <time>', 'how long they may take to come: 30s unless given')
    .option('--pacing <how>', 'of an open load: auto, hybrid or relaxed')
    .option('--transport <name>', 'wire or undici')
    .option('--http2', 'HTTP/2, which the target has to speak')
    .addOption(new Option('--keepalive').hideHelp())
    .option('--no-keepalive', 'a new connection for each request')
    .option('--proxy <url>', 'what requests go through, or none; else what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say')
    .option('--connect-to <place>', 'HOST:PORT:ADDRESS:PORT, where connections go; may be given again', also)
    .option('-k, --insecure', 'do not verify certificates')
    .option('--gate <text>', 'one more gate, as in "p99(locked) < 50ms"; may be given again', also)
    .option('--extend', 'as many rounds again if a gate that compares modes is undecided')
    .addOption(
      new Option('--undecided <what>', 'whether undecided (exit code 97) fails a build').choices(['fail', 'warn']),
    )
    .option('--baseline <file>', 'compare with an earlier result.json: advisory')
    .option(
      '-o, --out <dir>',
      'write report.html, result.json, summary.md, junit.xml, slots.csv and <mode>.hgrm into this folder',
    )
    .option('--samples <n>', 'with --out: that many random iterations of each mode, as samples.csv')
    .option('--prometheus <file>', 'write the metrics of the run as Prometheus text')
    .option('--otlp <url>', 'push the metrics of the run to an OpenTelemetry collector, as in http://localhost:4318')
    .option('--otlp-header <header>', 'sent with that push; may be given again', also)
    .option('--json', 'print the result document, and nothing else on stdout')
    .option('--details', 'every table, instead of one screen')
    .option('--live', 'a live view with keys, in place of the progress line: ? lists them')
    .option('-q, --quiet', 'no progress')
    .option('--no-color', 'no colour');

/** The flags of one name, as many as there are. */
const also = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];
