import { defineConfig } from 'vitest/config';

// .ci/run reads the counts from a JSON report; everybody else sees the usual output only.
const report = process.env['CALLBACKD_TEST_REPORT'];

/** Tests that start callbackd as a process of its own; they need dist/. */
const BROWSER_TESTS = ['test/browser/**/*.test.ts'];
const PROCESS_TESTS = ['test/cli/**/*.test.ts', 'test/process/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 20_000,
    pool: 'forks',
    reporters: report === undefined ? ['default'] : ['default', ['json', { outputFile: report }]],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/**/*.test.ts'],
      // What decides must be proven branch by branch.
      thresholds: { 'src/plan/**': { branches: 100 }, 'src/model/**': { branches: 100 } },
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'inside',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: [...PROCESS_TESTS, ...BROWSER_TESTS],
          restoreMocks: true,
        },
      },
      {
        extends: true,
        test: {
          name: 'process',
          include: PROCESS_TESTS,
          restoreMocks: true,
          globalSetup: 'test/builders/build-once.ts',
          // Processes start slowly on a busy machine; what they must do in time, they are asked about themselves.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: BROWSER_TESTS,
          globalSetup: 'test/builders/build-once.ts',
          // One Chromium at a time: two would only wait for each other.
          fileParallelism: false,
          testTimeout: 240_000,
        },
      },
    ],
  },
});
