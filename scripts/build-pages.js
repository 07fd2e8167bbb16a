#!/usr/bin/env node
/**
 * Builds the roles' web pages: packages/<role>/web into packages/<role>/dist/web. A page whose files
 * did not change comes out the same to the byte, so that installed ones do not ask for an update.
 *
 *   node scripts/build-pages.js [wallet|verifier]        after `tsc -b`
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { bundledLicences } from './bundled-licences.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const WORKER = 'service-worker.js'
/** Stands in service-worker.ts where the list of files comes in. */
const PLACE = '%OFFLINE_FILES%'

/** What nearly everything is built on. */
const BASE =
  /noble\/(hashes|ciphers)\/|credential\/src\/(errors|base64url|json)\.ts|plain-base64url|web-(random|hashes)/

if (argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = argv.slice(2)
  for (const role of wanted.length > 0 ? wanted : ['verifier', 'wallet']) {
    if (existsSync(join(root, 'packages', role, 'web'))) await build(pageBuild(role))
  }
}

/**
 * How the page of a role is built, from the packages' sources.
 *
 * @param {string} role - Folder of its package.
 * @returns {import('vite').InlineConfig}
 */
export function pageBuild(role) {
  const web = join(root, 'packages', role, 'web')
  const outDir = join(root, 'packages', role, 'dist', 'web')
  const licences = bundledLicences(root)
  return {
    configFile: false,
    logLevel: 'error',
    root: web,
    // Relative: the same files are served at `/` and under `/gate/`.
    base: './',
    publicDir: 'public',
    resolve: { conditions: ['source', 'module', 'browser', 'default'] },
    // A page runs in an origin of its own and reads no settings from the build.
    envPrefix: 'NOTHING_',
    worker: { format: 'es', plugins: () => [licences.worker] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      // The browser asks for all that a page starts with at once.
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // Nothing inline: the content policy takes files of our own origin only.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { page: join(web, 'index.html'), 'service-worker': join(web, 'service-worker.ts') },
        output: {
          entryFileNames: ({ name }) =>
            name === 'service-worker' ? WORKER : 'assets/[name]-[hash].js',
          // What a first look needs none of stays out of what it loads.
          codeSplitting: {
            includeDependenciesRecursively: false,
            groups: [
              { name: 'base', test: BASE, priority: 2 },
              { name: 'points', test: /noble\/curves\/|crypto\/web-points/ },
              { name: 'zlib', test: /\/fflate\/|crypto\/web-zlib/ },
            ],
          },
        },
      },
    },
    // Read in the wallet; the kiosk has no place for them.
    plugins: [...(role === 'wallet' ? [licences.page] : []), offlineFiles(outDir)],
  }
}

/**
 * Writes into the service worker which files it keeps, each with its SHA-256: a page is never put
 * together from two versions, and a changed file is a new version.
 *
 * @param {string} outDir
 * @returns {import('vite').Plugin}
 */
function offlineFiles(outDir) {
  return {
    name: 'netcert-offline-files',
    apply: 'build',
    writeBundle() {
      const names = readdirSync(outDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== WORKER)
        .map((entry) => join(entry.parentPath, entry.name).slice(outDir.length + 1))
        .toSorted()
      const files = names.map((name) => [name.replaceAll('\\', '/'), digest(join(outDir, name))])
      const worker = join(outDir, WORKER)
      const text = readFileSync(worker, 'utf8')
      const place = ['"', "'", '`'].map((it) => it + PLACE + it).find((it) => text.includes(it))
      if (place === undefined) throw new Error(`${WORKER} has no place for the list of files`)
      writeFileSync(
        worker,
        text.replace(place, () => JSON.stringify(JSON.stringify(files))),
      )
    },
  }
}

/** @param {string} path */
function digest(path) {
  return `sha256-${createHash('sha256').update(readFileSync(path)).digest('base64')}`
}
