#!/usr/bin/env node
/**
 * Packs the built command and the libraries it uses into a few files in dist/command, so that it
 * starts in a third of the time: reading hundreds of small modules is what takes long. Native
 * modules stay outside. The command works without it, only slower; see docs/decisions/0062.
 *
 *   node scripts/bundle.js        after `tsc -b`
 */
import { rmSync, utimesSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const input = fileURLToPath(new URL('./dist/netcert.js', import.meta.url))
const dir = fileURLToPath(new URL('./dist/command', import.meta.url))

const bundle = await rolldown({
  input,
  platform: 'node',
  // sqlite3 and pg find their native parts beside themselves; Veramo is never loaded by commands.
  external: [/^node:/, 'sqlite3', 'pg', 'pg-native', /^@veramo\//],
  logLevel: 'silent',
})
rmSync(dir, { recursive: true, force: true })
await bundle.write({
  dir,
  format: 'esm',
  entryFileNames: 'netcert.js',
  chunkFileNames: '[name]-[hash].js',
  sourcemap: false,
})
await bundle.close()
// The launcher compares this time with the compiler's notes: whatever is compiled later counts.
const now = new Date()
utimesSync(fileURLToPath(new URL('./dist/command/netcert.js', import.meta.url)), now, now)
