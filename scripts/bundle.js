#!/usr/bin/env node
/**
 * Packs what was built, because on Node reading hundreds of small modules is what takes long:
 * each pure package into a few files in its dist/packed, which its `node` exports name, and the
 * command with its libraries into scripts/dist/command. Native modules stay outside.
 * See docs/decisions/0062.
 *
 *   node scripts/bundle.js        after `tsc -b`
 */
import { readFileSync, rmSync, utimesSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The packages a platform imports; each is packed alone, so that all share one copy of another. */
for (const name of ['credential', 'protocol', 'verifier']) await packPackage(name)
await packCommand()

/** @param {string} name */
async function packPackage(name) {
  const folder = join(root, 'packages', name)
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  /** @type {Record<string, string>} */
  const input = {}
  for (const [door, targets] of Object.entries(exports)) {
    // A file that is handed out as it is.
    if (typeof targets === 'string') continue
    const { types, default: packed } = targets.node?.types
      ? targets.node
      : { ...targets, default: targets.node }
    if (packed === undefined) throw new Error(`${name} ${door} has no "node" target in dist/packed`)
    input[basename(packed, '.js')] = join(folder, types.replace(/\.d\.ts$/, '.js'))
  }
  await pack({
    input,
    dir: join(folder, 'dist', 'packed'),
    // Data may be copied in; code of another package must stay one, or its errors would not be equal.
    external: (id) =>
      !/^[./]|^@netcert\/(schemas|credential\/crypto)/.test(id) ||
      (name !== 'credential' && id.startsWith('@netcert/credential')),
    alias: { '@netcert/credential/crypto': join(root, 'packages/credential/dist/crypto/node.js') },
    names: { entryFileNames: '[name].js' },
    // The doors of protocol are there so that its main one need not be loaded.
    start: name === 'protocol' ? new Set() : reachOf(input['index'] ?? ''),
  })
}

/**
 * The files of a package that one of them loads at once.
 *
 * @param {string} entry
 */
function reachOf(entry) {
  /** @type {Set<string>} */
  const found = new Set()
  const waiting = [entry]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (found.has(file)) continue
    found.add(file)
    const text = readFileSync(file, 'utf8')
    for (const [, name = ''] of text.matchAll(/^(?:import|export) [^;]*?from '(\.[^']+)'/gm)) {
      waiting.push(join(dirname(file), name))
    }
  }
  return found
}

async function packCommand() {
  const dir = join(root, 'scripts', 'dist', 'command')
  await pack({
    input: { netcert: join(root, 'scripts', 'dist', 'netcert.js') },
    dir,
    // sqlite3, pg, pdfkit and zxing-wasm find parts of theirs beside themselves; Veramo is loaded by the
    // registrar's alone.
    external: [/^node:/, 'sqlite3', 'pg', 'pg-native', 'pdfkit', /^zxing-wasm/, /^@veramo\//],
    alias: {},
    names: { entryFileNames: 'netcert.js' },
    start: new Set(),
  })
  // The launcher compares this time with the compiler's notes: whatever is compiled later counts.
  const now = new Date()
  utimesSync(join(dir, 'netcert.js'), now, now)
}

/**
 * @param {{ input: Record<string, string>, dir: string, alias: Record<string, string>,
 *   external: import('rolldown').ExternalOption, names: { entryFileNames: string },
 *   start: ReadonlySet<string> }} options
 */
async function pack({ input, dir, external, alias, names, start }) {
  const bundle = await rolldown({
    input,
    platform: 'node',
    external,
    resolve: { alias },
    logLevel: 'silent',
  })
  rmSync(dir, { recursive: true, force: true })
  await bundle.write({
    dir,
    format: 'esm',
    ...names,
    chunkFileNames: '[name]-[hash].js',
    sourcemap: false,
    // Whatever the main door loads is one file: each file more costs a platform's start a millisecond.
    codeSplitting: { groups: [{ name: 'start', test: (id) => start.has(id) }] },
  })
  await bundle.close()
}
