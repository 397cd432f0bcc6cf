import { defineConfig } from 'vitest/config';

/** One artefact after the other; started by scripts/test-packages.mjs, which makes them first. */
// biome-ignore lint/style/noDefaultExport: vitest reads the default export.
export default defineConfig({
  test: {
    include: ['test/packages/**/*.package.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    reporters: ['verbose'],
  },
});
