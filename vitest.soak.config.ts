import { defineConfig } from 'vitest/config'
import { base } from './vitest.config.ts'

/** What takes long: kills in numbers, floods, thousands of people. Run by `npm run soak`. */
export default defineConfig({
  ...base,
  test: {
    ...base.test,
    include: [
      'packages/*/src/**/*.soak.test.ts',
      'scripts/src/**/*.soak.test.ts',
      'test/**/*.soak.test.ts',
    ],
    exclude: ['**/node_modules/**', '**/dist/**'],
  },
})
