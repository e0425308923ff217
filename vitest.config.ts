import { defineConfig } from 'vitest/config';

/** They measure nothing and start nothing: what they say is so however busy the machine is. */
const pure = [
  'test/*.test.ts',
  'test/{core,template,scenario,draft,judge,report}/**/*.test.ts',
  'test/measure/*.test.ts',
  'test/measure/{data,iteration,record}/**/*.test.ts',
];

/**
 * They start commands and servers, and ask what came of it: exit codes, files, answers, counts. Limits of time are such that
 * two may run at once.
 */
const started = [
  'test/{cli,docs,faults,store,temporary}/**/*.test.ts',
  'test/measure/transport/**/*.test.ts',
  'test/conformance/{http2,proxy,server-timing,store,strategy,tls,ways,web-servers}.test.ts',
  'test/conformance/transport{,-bytes,-fuzz,-sending}.test.ts',
];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: pure, isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'started', include: started, isolate: false, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        // Two cores: a test that measures time must not share one with another that does.
        test: {
          name: 'measured',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...started],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    testTimeout: 30_000,
    globalSetup: 'test/temporary/run.ts',
    setupFiles: 'test/temporary/file.ts',
  },
});
