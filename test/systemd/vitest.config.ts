import { defineConfig } from 'vitest/config';

/** One machine after the other; started by scripts/test-systemd.mjs. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: ['test/systemd/**/*.systemd.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    reporters: ['verbose'],
  },
});
