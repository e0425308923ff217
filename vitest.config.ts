import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    // Two cores: a test that measures time must not share one with another that does.
    fileParallelism: false,
  },
});
