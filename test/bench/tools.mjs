// The peers, each run as its own manual says: a closed loop on one thread, and how to read its report.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectingShare, contendCommand, getScenario, readResult } from './contend.mjs';

/** The version that a program reports. Empty if it reports none. */
export const versionOf = ({ version: [argument, pattern] = [] }, program) => {
  if (argument === undefined) return '';
  const { stdout, stderr } = spawnSync(program, [argument], { encoding: 'utf8', timeout: 20_000 });
  return pattern.exec(`${stdout}\n${stderr}`)?.[1] ?? '';
};

const unitMs = { us: 0.001, ms: 1, s: 1000, m: 60_000 };

/** `1.12ms` as ms. `undefined` if there is none. */
const msOf = (match) => (match === null ? undefined : Number(match[1]) * unitMs[match[2]]);

const numberOf = (match) => (match === null ? undefined : Number(match[1].replaceAll(',', '')));

/** What wrk reports; wrk2 prints the same lines. */
export const readWrk = ({ stdout }) => ({
  perSecond: numberOf(/Requests\/sec:\s+([\d.]+)/u.exec(stdout)),
  p50Ms: msOf(/^\s*50(?:\.000)?%\s+([\d.]+)(us|ms|s|m)$/mu.exec(stdout)),
  p99Ms: msOf(/^\s*99(?:\.000)?%\s+([\d.]+)(us|ms|s|m)$/mu.exec(stdout)),
});

/** What h2load reports; for the time of a request only the mean and the maximum. */
export const readH2load = ({ stdout }) => ({
  perSecond: numberOf(/finished in [^,]+, ([\d.]+) req\/s/u.exec(stdout)),
});

const readJson = (folder, name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));

/** How to run wrk2. `--latency` prints the percentiles from the intended start. */
export const wrk2Command = (program, { url, users, seconds, rate }) => ({
  command: program,
  args: ['-t1', `-c${users}`, `-d${seconds}s`, `-R${rate}`, '--latency', url],
});

/** How to get wrk2. */
export const wrk2Install = 'build https://github.com/giltene/wrk2 and put it there as wrk2';

/**
 * Every generator of the closed loop. `perSecond` is what each reports itself, `counts` the period that it covers.
 *
 * `command` may write into `folder`, a new one for each run. `url` ends in the root's slash.
 */
export const tools = [
  {
    name: 'contend',
    counts: 'completed inside its window, the warm-up of 200 ms left out',
    command: (_, { nginx, users, seconds, folder }) =>
      contendCommand(getScenario(nginx, { load: { users, duration: `${seconds}s` } }), folder),
    read: (run) => {
      const { result, problem } = readResult(run);
      if (result === undefined) throw new Error(problem);
      const [{ throughputPerSecond, responseTimeUs }] = result.modes;
      return {
        perSecond: throughputPerSecond,
        p50Ms: responseTimeUs.p50 / 1000,
        p99Ms: responseTimeUs.p99 / 1000,
        collecting: collectingShare(run.folder),
        problem,
      };
    },
  },
  {
    name: 'wrk',
    install: 'apt install wrk',
    version: ['--version', /wrk \S*?([\d.]+)/u],
    counts: 'all, over the time from its start to its end',
    command: (program, { url, users, seconds }) => ({
      command: program,
      args: ['-t1', `-c${users}`, `-d${seconds}s`, '--latency', url],
    }),
    read: readWrk,
  },
  {
    name: 'wrk2',
    install: wrk2Install,
    version: ['--version', /wrk \S*?([\d.]+)/u],
    counts:
      'as wrk; it has no closed loop, so it is asked for 10 million a second, and its latencies mean nothing then',
    command: (program, options) => wrk2Command(program, { ...options, rate: 10_000_000 }),
    read: (run) => ({ perSecond: readWrk(run).perSecond }),
  },
  {
    name: 'ab',
    install: 'apt install apache2-utils',
    version: ['-V', /Version ([\d.]+)/u],
    counts: 'all, over the time from its start to its end',
    command: (program, { url, users, seconds, folder }) => ({
      command: program,
      args: ['-q', '-k', '-c', `${users}`, '-t', `${seconds}`, '-n', '10000000', '-e', join(folder, 'ab.csv'), url],
    }),
    read: ({ stdout, folder }) => {
      const percentiles = readFileSync(join(folder, 'ab.csv'), 'utf8');
      return {
        perSecond: numberOf(/Requests per second:\s+([\d.]+)/u.exec(stdout)),
        p50Ms: numberOf(/^50,([\d.]+)/mu.exec(percentiles)),
        p99Ms: numberOf(/^99,([\d.]+)/mu.exec(percentiles)),
      };
    },
  },
  {
    name: 'hey',
    install: 'apt install hey',
    counts: 'all, over the time from its start to its end',
    command: (program, { url, users, seconds }) => ({
      command: program,
      args: ['-c', `${users}`, '-z', `${seconds}s`, '-cpus', '1', url],
    }),
    read: ({ stdout }) => ({
      perSecond: numberOf(/Requests\/sec:\s+([\d.]+)/u.exec(stdout)),
      p50Ms: numberOf(/50% in ([\d.]+) secs/u.exec(stdout)) * 1000,
      p99Ms: numberOf(/99% in ([\d.]+) secs/u.exec(stdout)) * 1000,
    }),
  },
  {
    name: 'autocannon',
    install: 'npm install --prefix FOLDER --ignore-scripts autocannon',
    version: ['--version', /autocannon v?([\d.]+)/u],
    counts: 'the mean of its whole seconds',
    command: (program, { url, users, seconds }) => ({
      command: program,
      args: ['-c', `${users}`, '-d', `${seconds}`, '--json', url],
    }),
    read: ({ stdout }) => {
      const { requests, latency } = JSON.parse(stdout);
      return { perSecond: requests.average, p50Ms: latency.p50, p99Ms: latency.p99 };
    },
  },
  {
    name: 'h2load',
    install: 'apt install nghttp2-client',
    version: ['--version', /nghttp2\/([\d.]+)/u],
    counts: 'all, over the time from its start to its end; it reports no percentiles',
    command: (program, { url, users, seconds }) => ({
      command: program,
      args: ['--h1', '-t', '1', '-c', `${users}`, '-D', `${seconds}`, url],
    }),
    read: readH2load,
  },
  {
    name: 'locust',
    install: 'apt install python3-locust',
    counts: 'all, over the time from its first to its last; FastHttpUser',
    command: (program, { nginx, users, seconds, folder }) => {
      const file = join(folder, 'locustfile.py');
      writeFileSync(
        file,
        'from locust import FastHttpUser, task\n\n\nclass Reader(FastHttpUser):\n    @task\n    def read(self):\n        self.client.get("/")\n',
      );
      const load = ['-u', `${users}`, '-r', `${users}`, '-t', `${seconds}s`];
      const report = ['--csv', join(folder, 'locust'), '--only-summary', '--loglevel', 'WARNING'];
      return { command: program, args: ['-f', file, '--headless', ...load, ...report, '-H', nginx.origin] };
    },
    read: ({ folder }) => {
      const [head, , all] = readFileSync(join(folder, 'locust_stats.csv'), 'utf8')
        .trim()
        .split(/\r?\n/u)
        .map((line) => line.split(','));
      const column = (name) => Number(all[head.indexOf(name)]);
      return { perSecond: column('Requests/s'), p50Ms: column('50%'), p99Ms: column('99%') };
    },
  },
  {
    name: 'artillery',
    install: 'npm install --prefix FOLDER --ignore-scripts artillery',
    version: ['--version', /Artillery: ([\d.]+)/u],
    counts: 'what nginx counted in the middle of the run: it reports none of its own',
    command: (program, { nginx, users, folder }) => {
      const file = join(folder, 'artillery.json');
      // Users that all arrive at once and send one request after the other: it has no end by time.
      const scenario = {
        config: {
          target: nginx.origin,
          http: { pool: users, timeout: 10 },
          phases: [{ duration: 1, arrivalCount: users }],
        },
        scenarios: [{ flow: [{ loop: [{ get: { url: '/' } }], count: 200 }] }],
      };
      writeFileSync(file, JSON.stringify(scenario));
      return { command: program, args: ['run', '--quiet', '--output', join(folder, 'artillery-report.json'), file] };
    },
    read: ({ folder, steady }) => {
      const times = readJson(folder, 'artillery-report.json').aggregate.summaries['http.response_time'];
      return { perSecond: steady?.perSecond, p50Ms: times.p50, p99Ms: times.p99 };
    },
  },
  {
    name: 'k6',
    install: 'https://grafana.com/docs/k6/latest/set-up/install-k6/',
    version: ['version', /k6 v([\d.]+)/u],
    counts: 'all, over the time from its start to its end',
    command: (program, { url, users, seconds, folder }) => {
      const file = join(folder, 'k6.js');
      writeFileSync(
        file,
        `import http from 'k6/http';\nexport default () => {\n  http.get(${JSON.stringify(url)});\n};\n`,
      );
      const report = ['--summary-export', join(folder, 'k6.json'), '--summary-trend-stats', 'p(50),p(99)', '--quiet'];
      return { command: program, args: ['run', '--vus', `${users}`, '--duration', `${seconds}s`, ...report, file] };
    },
    read: ({ folder }) => {
      const { metrics } = readJson(folder, 'k6.json');
      const { 'p(50)': p50Ms, 'p(99)': p99Ms } = metrics.http_req_duration;
      return { perSecond: metrics.http_reqs.rate, p50Ms, p99Ms };
    },
  },
];
