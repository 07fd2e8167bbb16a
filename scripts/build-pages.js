#!/usr/bin/env node
/**
 * Builds the roles' web pages: packages/<role>/web into packages/<role>/dist/web. A page whose files
 * did not change comes out the same to the byte, so that installed ones do not ask for an update.
 *
 *   node scripts/build-pages.js        after `tsc -b`
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))

for (const role of ['verifier', 'wallet']) {
  const configFile = join(root, 'packages', role, 'web', 'vite.config.ts')
  if (existsSync(configFile)) await build({ configFile, logLevel: 'warn' })
}
