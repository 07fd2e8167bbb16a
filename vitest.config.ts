import { statfsSync } from 'node:fs'
import { defineConfig } from 'vitest/config'

const MEMORY = '/dev/shm'
const ROOM_BYTES = 4 * 1024 ** 3

/**
 * Folders of tests lie in memory where there is room for them: databases wait for every write to be
 * on the disk, and nobody needs these after the test. `TMPDIR` names another place.
 */
function temporaryFolders(): { readonly TMPDIR?: string } {
  if (process.env['TMPDIR'] !== undefined) return {}
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    return bavail * bsize < ROOM_BYTES ? {} : { TMPDIR: MEMORY }
  } catch {
    return {}
  }
}

// Tests beside the sources keep nothing between them: their files share one load of the sources, which
// would take longer than many of the tests.
const beside = ['packages/*/{src,web}/**/*.test.ts']
const whole = ['scripts/src/**/*.test.ts', 'test/**/*.test.ts']
// What takes long has a command of its own: vitest.soak.config.ts.
const never = ['**/node_modules/**', '**/dist/**', 'test/bench/**', '**/*.soak.test.ts']

/** What every run of tests has in common, these and the long ones. */
export const base = {
  // Tests run the sources, not the build: the packages' `source` export condition.
  resolve: { conditions: ['source', 'node'] },
  ssr: { resolve: { conditions: ['source', 'node'], externalConditions: ['source', 'node'] } },
  test: {
    env: temporaryFolders(),
    pool: 'forks' as const,
    // Much of a run is waiting for processes and disks: two at a time suit two cores.
    maxWorkers: 2,
    // On a server that lends its cores a test may wait too long once. What passed only when it was run
    // again is named at the end of the run; what fails twice fails. By hand nothing is run again.
    retry: process.env['CI'] === undefined ? 0 : 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // A second, which is usual, is short for a process or a browser where others work as well.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default', './scripts/test-reporter.js'],
  },
}

export default defineConfig({
  ...base,
  test: {
    ...base.test,
    projects: [
      { extends: true, test: { name: 'beside', include: beside, exclude: never, isolate: false } },
      { extends: true, test: { name: 'whole', include: whole, exclude: never } },
    ],
  },
})
