import { defineConfig } from 'vitest/config';

/** They measure nothing and start nothing: what they say is so however busy the machine is. */
const pure = ['test/*.test.ts', 'test/{core,template,scenario,draft,judge,report}/**/*.test.ts'];

/** They start commands and ask what came of it: exit codes, files, counts. Limits of time are such that two may run at once. */
const commands = ['test/cli/**/*.test.ts', 'test/docs/**/*.test.ts', 'test/faults/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: { name: 'pure', include: pure, isolate: false, maxWorkers: 2, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'commands', include: commands, maxWorkers: 2, sequence: { groupOrder: 1 } },
      },
      {
        extends: true,
        // Two cores: a test that measures time must not share one with another that does.
        test: {
          name: 'measured',
          include: ['test/**/*.test.ts'],
          exclude: [...pure, ...commands],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
    testTimeout: 30_000,
  },
});
