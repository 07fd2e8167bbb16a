import { defineConfig } from 'vitest/config'
import { base } from './vitest.config.ts'

/** Programs that need the sources and print or write something: they assert nothing. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: ['test/gate/*.program.ts', 'test/wallet-page/*.program.ts'],
    testTimeout: 900_000,
    hookTimeout: 300_000,
    disableConsoleIntercept: true,
    reporters: ['dot'],
  },
})
