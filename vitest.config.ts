import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests run the sources, not the build: the packages' `source` export condition.
  resolve: { conditions: ['source', 'node'] },
  ssr: { resolve: { conditions: ['source', 'node'], externalConditions: ['source', 'node'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'scripts/src/**/*.test.ts', 'test/**/*.test.ts'],
    // What takes long has a command of its own: vitest.soak.config.ts.
    exclude: ['**/node_modules/**', '**/dist/**', 'test/bench/**', '**/*.soak.test.ts'],
    pool: 'forks',
    // Much of a run is waiting for processes and disks: two at a time suit two cores.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    reporters: ['default', './scripts/test-reporter.js'],
  },
})
