import { Argument, Command, CommanderError, Help, Option } from 'commander';
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
 * The command line: `argv` → command → exit code.
 *
 * Never rejects. A command is loaded only when asked for: `--version` and `--help` load none.
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

/** Refuses an address or a scenario in place of a command, as other tools take them. @throws {ContendError} ERR_USAGE */
const checkFirst = ([first = '']: readonly string[]): void => {
  if (/^https?:\/\/|\.ya?ml$/iu.test(first))
    throw new ContendError('ERR_USAGE', `${first} is not a command.`, `contend run ${first}`);
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
    // Every command has "[options]": without it, descriptions fit next to the names at 80 columns.
    .configureHelp({ subcommandTerm: (command) => new Help().subcommandTerm(command).replace(' [options]', '') })
    .showHelpAfterError('(contend --help lists the commands)')
    .addHelpText('after', exitCodesHelp);
  withRunFlags(
    contend.command('demo').description('run the built-in store, locked against lock-free, in half a minute'),
  ).action(async (flags: RunFlags) => then(await (await import('./commands/run.ts')).demo(host, flags)));
  withRunFlags(
    withAddress(
      contend
        .command('run')
        .description('run every mode of a scenario, compare and judge; a URL is one step without a lock'),
    ),
  ).action(async (file: string, flags: RunFlags) =>
    then(await (await import('./commands/run.ts')).runFile(host, file, flags)),
  );
  withSweepFlags(
    withAddress(
      contend
        .command('sweep')
        .description(
          'run every mode over an axis: where each peaks, where they cross, how much load keeps the gates;\n-R 50/s..5000/s --gate "p99 < 50ms" finds the highest rate that holds',
        ),
    )
      .option(
        '--over <axis>',
        'what to vary: users=1..128, rate=100..5000, data.NAME=1,4,20; default: "sweep:" of the file',
      )
      .addOption(new Option('--find <what>', 'refine where modes cross, or search for the highest load').choices(finds))
      .option('--width <share>', 'how closely to find a capacity; default 5%'),
  ).action(async (file: string, flags: SweepFlags) =>
    then(await (await import('./commands/sweep.ts')).sweepFile(host, file, flags)),
  );
  contend
    .command('validate')
    .description('check scenario files; nothing is sent')
    .argument('<scenario.yaml...>', 'the scenarios')
    .option('--allow-host <host>', 'a host that the scenario does not name; repeatable', also)
    .option('--agents <n>', 'check it as for this many machines')
    .action(async (files: string[], flags: ValidateFlags) =>
      then(await (await import('./commands/validate.ts')).validate(host, files, flags)),
    );
  contend
    .command('init')
    .description('write a commented scenario to start from')
    .argument('[file]', 'the file to write; an existing one is never overwritten', 'scenario.yaml')
    .option(
      '--from <source>',
      'make it from curl commands, a HAR file, a Postman collection or an OpenAPI document; - for stdin',
    )
    .option('--tag <name>', 'from an OpenAPI document: operations with this tag; repeatable', also)
    .option('--operations <which>', "from an OpenAPI document: 'POST /pets', '/pets/*' or an id; repeatable", also)
    .option('--origin <url>', 'from a recording or commands with several hosts: the one that is the target')
    .action(async (file: string, flags: InitFlags) =>
      then(await (await import('./commands/init.ts')).init(host, file, flags)),
    );
  contend
    .command('report')
    .description('render a result document again')
    .argument('<result.json>', 'a file written by --out or --json; report.html works, too')
    .addOption(new Option('--format <format>', 'format for stdout; default terminal').choices(formats))
    .option('-o, --out <dir>', 'write files into this folder: all, or the one that --format names')
    .option('--details', 'on a terminal: every table, instead of one screen')
    .option('--no-color', 'no colour')
    .action(async (file: string, flags: ReportFlags) =>
      then(await (await import('./commands/report.ts')).report(host, file, flags)),
    );
  contend
    .command('compare')
    .description('put two result documents side by side; advisory, no verdict')
    .argument('<before.json>', 'the earlier document; report.html works, too')
    .argument('<after.json>', 'the later document')
    .addOption(new Option('--format <format>', 'default terminal').choices(['terminal', 'html', 'markdown', 'json']))
    .addOption(new Option('--json', 'print the comparison as JSON').conflicts('format'))
    .option('--no-color', 'no colour')
    .action(async (before: string, after: string, flags: CompareFlags) =>
      then(await (await import('./commands/compare.ts')).compare(host, [before, after], flags)),
    );
  contend
    .command('verify')
    .description('check a recorded history of operations against a model: was the data right?')
    .argument('<history>', 'one JSON operation per line, or a file that run --history wrote')
    .option('--model <name>', `${models}; a file that run --history wrote names its own`)
    .option('--module <file>', 'with --model custom: an ES module with init and step, optionally equal and hash')
    .option('--initial <value>', 'value of every key before the first operation, as JSON; default: what the file says')
    .option('--partition <field>', 'judge each value of this field separately, like part of the key')
    .option('--ordered', 'issue: a number requested after another must be greater')
    .option('--dense', 'issue: no number may be skipped')
    .option('--lease <time>', 'mutex: how long after the request a lock lapses')
    .option('--limit <n>', 'at-most: how many may be granted, if the operations do not say so')
    .option('--per <time>', 'at-most: the period of the limit; default: the whole history')
    .option('--window <fixed|sliding>', 'at-most: in windows of that length, or in every stretch of it; default fixed')
    .option('--burst <n>', 'at-most: how many more may be granted at once')
    .option('--promise <linearizable|session>', 'register: what the target promises; default linearizable')
    .option('--refusals <justified|any>', 'cas-register: whether refusals must be justified; default any')
    .option('--by <n>', 'once: by how much one effect changes the value; default 1')
    .option('--no-clock', 'times come from several clocks: only the order within a session counts')
    .option('--budget <time>', 'limit for searches, used where no faster way is exact', '1m')
    .option('--json', 'print the verdict, the keys and the findings as JSON')
    .option('--no-color', 'no colour')
    .action(async (file: string, flags: VerifyFlags) =>
      then(await (await import('./commands/verify.ts')).verify(host, file, flags)),
    );
  contend
    .command('store')
    .description('serve the built-in online store until interrupted')
    .option('--port <port>', 'the port on 127.0.0.1; 0: any free one', '8080')
    .option('--service <time>', 'how long each operation takes in memory; default 1ms')
    .option('--postgres', 'run on PostgreSQL: that of DATABASE_URL, or its own')
    .option('--pool <n>', 'connections to PostgreSQL; default 32')
    .action(async (flags: StoreFlags) => then(await (await import('./commands/store.ts')).store(host, flags)));
  contend
    .command('agent')
    .description('lend this machine to distributed runs, one at a time, until interrupted')
    .option('--redis <url>', 'the Redis server to wait at; default CONTEND_CLUSTER_REDIS_URL')
    .option('--allow-host <host>', 'a host that runs may send load to, any port; repeatable', also)
    .option('-w, --workers <n>', 'threads to lend; auto: one per core', 'auto')
    .option('--allow-writes', 'allow more than GET, HEAD and OPTIONS')
    .option('--max-rate <rate>', 'refuse a share above this rate, as in 2000/s')
    .option('--max-users <n>', 'refuse a share of more users than this')
    .option('--max-minutes <n>', 'how long one run may use it', '60')
    .option('--runs <n>', 'exit after this many runs')
    .option('--new-key', 'print a key for CONTEND_CLUSTER_KEY and exit')
    .option('-q, --quiet', 'print nothing about what it does')
    .action(async (flags: AgentFlags) => then(await (await import('./commands/agent.ts')).agent(host, flags)));
  contend
    .command('completion')
    .description('print the script that lets a shell complete commands and flags')
    .addArgument(new Argument('<shell>', 'whose').choices(['bash', 'zsh', 'fish']))
    .action(async (shell: string) => then((await import('./commands/completion.ts')).completion(host, shell, contend)));
  contend
    .command('schema')
    .description("print the scenario's JSON Schema, for editors")
    .action(async () => then(await (await import('./commands/schema.ts')).schema(host)));
  return contend;
};

/** Listed here, so that `--help` does not load the judge. */
const models =
  'register, cas-register, counter, rmw-counter, stock, allocation, issue, append-log, transfer, mutex, at-most, once, queue, set or custom';

/** Listed here, so that `--help` does not load the reporters. */
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

/** Listed here, so that `--help` does not load the searches. */
const finds: readonly Find[] = ['crossing', 'capacity'];

/** Adds the argument, a scenario or an address, and the flags for what is sent to an address. */
const withAddress = (command: Command): Command =>
  command
    .argument('<scenario.yaml | url>', 'the scenario, or http://… to send requests to')
    .option('-m, --method <method>', 'with a URL: the method; default GET, or POST with a body')
    .option('-b, --body <body>', 'with a URL: the body, JSON or any text; @file sends a file');

/** The flags of a run. Those that a sweep does not take are accepted only to be refused by name. */
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
    .option('--modes <a,b>', 'run only these modes')
    .option('-c, --users <n>', 'virtual users: the most iterations in flight')
    .option('-R, --rate <rate>', 'open load: iterations due per second, as in 2000/s')
    .addOption(new Option('--rps <rate>').conflicts('rate').hideHelp())
    .option('-d, --duration <time>', 'measured time of each mode, as in 10s')
    .option('-n, --iterations <n>', 'iterations of each mode, instead of a duration')
    .option('--rounds <n>', 'how often to measure each mode')
    .option('--budget <time>', 'shorten the slots so that the run takes no longer than this, as in 5m')
    .option('--history <dir>', 'write every observed operation there, for contend verify')
    .option('--warmup <time>', 'unmeasured load before each slot')
    .option('--seed <n>', 'fixes values, back-off and the order of modes')
    .option('-H, --header <header>', "sent with every request, as in 'accept: text/html'; repeatable", also)
    .option('-e, --env <NAME=VALUE>', 'a value for ${env.NAME}; repeatable', also)
    .option('--target <url>', 'the API, http://unix:/path/of/socket, or builtin:store')
    .option('--allow-host <host>', 'a host that the scenario does not name, any port; repeatable', also)
    .option('--allow-run', 'allow the scenario to start the programs under "serve:"')
    .option('-t, --timeout <time>', 'how long an answer may take')
    .option('-w, --workers <n>', 'threads that share the users, or auto')
    .option('--agents <n>', 'measure on this many machines, each running contend agent')
    .option('--redis <url>', 'the Redis server that connects them; default CONTEND_CLUSTER_REDIS_URL')
    .option('--wait-agents <time>', 'how long to wait for them; default 30s')
    .option('--pacing <how>', 'open load: auto, hybrid or relaxed')
    .option('--transport <name>', 'wire or undici')
    .option('--http2', 'use HTTP/2, which the target must speak')
    .addOption(new Option('--keepalive').hideHelp())
    .option('--no-keepalive', 'a new connection for each request')
    .option('--proxy <url>', 'proxy for the requests, or none; default: HTTPS_PROXY, HTTP_PROXY and NO_PROXY')
    .option('--connect-to <place>', 'HOST:PORT:ADDRESS:PORT, connect there instead; repeatable', also)
    .option('-k, --insecure', 'do not verify certificates')
    .option('--gate <text>', 'one more gate, as in "p99(locked) < 50ms"; repeatable', also)
    .option('--extend', 'double the rounds if a gate that compares modes is undecided')
    .addOption(
      new Option('--undecided <what>', 'whether undecided (exit code 97) fails a build').choices(['fail', 'warn']),
    )
    .option('--baseline <file>', 'compare with an earlier result.json; advisory')
    .option(
      '-o, --out <dir>',
      'write report.html, result.json, summary.md, junit.xml, slots.csv and <mode>.hgrm into this folder',
    )
    .option('--samples <n>', 'with --out: keep this many random iterations of each mode, as samples.csv')
    .option('--prometheus <file>', 'write the metrics of the run as Prometheus text')
    .option('--otlp <url>', 'push the metrics of the run to an OpenTelemetry collector, as in http://localhost:4318')
    .option('--otlp-header <header>', 'header for that push; repeatable', also)
    .option('--json', 'print the result document, and nothing else on stdout')
    .option('--details', 'show every table instead of one screen')
    .option('--live', 'show a live view instead of the progress line; ? lists its keys')
    .option('-q, --quiet', 'no progress')
    .option('--no-color', 'no colour');

/** Collects a flag that may be given several times. */
const also = (text: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), text];
