import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** They measure nothing and start nothing: what they say is so however busy the machine is. */
const pure = [
  'test/*.test.ts',
  'test/{core,template,scenario,serve,draft,judge,report,run}/**/*.test.ts',
  'test/measure/*.test.ts',
  'test/measure/{data,engine,iteration,lock,record}/**/*.test.ts',
  'test/measure/load/!(sleeper).test.ts',
  'test/measure/runner/!(slot).test.ts',
  'test/conformance/{arrivals,lock}.test.ts',
];

/**
 * They start commands and servers, and ask what came of it: exit codes, files, answers, counts. Limits of time are such that
 * three may run at once.
 */
const started = [
  'test/{cli,docs,faults,store,temporary}/**/*.test.ts',
  'test/measure/transport/**/*.test.ts',
  'test/measure/runner/slot.test.ts',
  'test/measure/runner/cluster/**/*.test.ts',
  'test/truth/sick-targets.test.ts',
  'test/conformance/{http2,http2-answers,http2-sharing,proxy,redis-lock,server-timing,store,strategy,threads,tls,ways,web-servers}.test.ts',
  'test/conformance/transport{,-bytes,-closers,-early,-fuzz,-limits,-llhttp,-sending,-strays}.test.ts',
];

/** Where both are run at once, the long ones come after all the others. */
const longAfter = 10;

/**
 * Projects of one sort of file: those that `npm test` runs and, beside each as `*.long.test.ts`, those that take longer, for
 * `npm run test:long`, which bear the same neighbours.
 */
const projectsOf = (
  name: string,
  order: number,
  { include = [], exclude = [], ...more }: NonNullable<TestProjectInlineConfiguration['test']>,
): TestProjectInlineConfiguration[] => {
  const long = (files: readonly string[]) => files.map((path) => path.replace(/test\.ts$/u, 'long.test.ts'));
  const settings = { ...more, sequence: { groupOrder: order } };
  return [
    { extends: true, test: { ...settings, name, include, exclude: [...exclude, 'test/**/*.long.test.ts'] } },
    {
      extends: true,
      // They bear a load: two at once, as there are cores.
      test: {
        ...settings,
        ...(settings.maxWorkers === undefined ? {} : { maxWorkers: 2 }),
        sequence: { groupOrder: order + longAfter },
        name: `long-${name}`,
        include: long(include),
        exclude: long(exclude),
        testTimeout: 120_000,
      },
    },
  ];
};

export default defineConfig({
  test: {
    projects: [
      ...projectsOf('pure', 0, { include: pure, isolate: false, maxWorkers: 2 }),
      // They wait for processes a quarter of the time: a third one uses it.
      ...projectsOf('started', 1, { include: started, isolate: false, maxWorkers: 3 }),
      // Two cores: a test that measures time must not share one with another that does.
      ...projectsOf('measured', 2, {
        include: ['test/**/*.test.ts'],
        exclude: [...pure, ...started],
        fileParallelism: false,
      }),
    ],
    // Node reads what is built as it is: 300 files that Vite would rewrite are seconds for each worker.
    server: { deps: { external: [/\/dist\/src\//] } },
    // Where tests of a file run beside each other, they wait for others most of the time.
    maxConcurrency: 8,
    // Hangs alone take that long.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    globalSetup: 'test/temporary/run.ts',
    setupFiles: 'test/temporary/file.ts',
    // Told by name while it runs: no test of `npm test` should take longer than this on a quiet machine.
    slowTestThreshold: 6_000,
    // A second is what a busy machine may take for anything.
    expect: { poll: { timeout: 10_000 } },
  },
});
