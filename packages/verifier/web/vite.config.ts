import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))
const outDir = join(here, '..', 'dist', 'web')
const WORKER = 'service-worker.js'
/** Stands in service-worker.ts where the list of files comes in. */
const PLACE = '"%OFFLINE_FILES%"'

/** The page of the gate, from the packages' sources, into packages/verifier/dist/web. */
export default defineConfig({
  root: here,
  // Relative: the same files are served at `/` and under `/gate/`.
  base: './',
  publicDir: 'public',
  resolve: { conditions: ['source', 'module', 'browser', 'default'] },
  // The page runs in an origin of its own and reads no settings from the build.
  envPrefix: 'NOTHING_',
  worker: { format: 'es' },
  build: {
    outDir,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    reportCompressedSize: false,
    // Nothing inline: the content policy takes files of our own origin only.
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: {
        page: join(here, 'index.html'),
        'service-worker': join(here, 'service-worker.ts'),
      },
      output: {
        entryFileNames: ({ name }) =>
          name === 'service-worker' ? WORKER : 'assets/[name]-[hash].js',
      },
    },
  },
  plugins: [offlineFiles()],
})

/**
 * Writes into the service worker which files it keeps, each with its SHA-256: a page is never put
 * together from two versions, and a changed file is a new version.
 */
function offlineFiles(): Plugin {
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
      const place = [PLACE, PLACE.replaceAll('"', '`'), PLACE.replaceAll('"', "'")].find((it) =>
        text.includes(it),
      )
      if (place === undefined) throw new Error(`${WORKER} has no place for the list of files`)
      writeFileSync(
        worker,
        text.replace(place, () => JSON.stringify(JSON.stringify(files))),
      )
    },
  }
}

function digest(path: string): string {
  return `sha256-${createHash('sha256').update(readFileSync(path)).digest('base64')}`
}
