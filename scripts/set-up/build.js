/** The build: `tsc -b`, bundles and pages, left out in a moment when no source changed since the last one. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastLines, run, SetUpError } from './progress.js'

/** @typedef {{ root: string, state: string }} Context */

/** @param {Context} context */
export function isBuilt({ root, state }) {
  return readStamp(state) === fingerprint(root) && projects(root).every((path) => hasOutput(path))
}

/**
 * @param {Context & { progress: import('./progress.js').Progress }} context
 * @throws {SetUpError} with the compiler's words.
 */
export async function build({ root, state, progress }) {
  // Taken before the compiler starts: a file saved while it runs is compiled again next time.
  const before = fingerprint(root)
  await progress.step('building', async () => {
    for (const path of projects(root)) {
      // The compiler trusts its notes; where the output is gone they have to go too.
      if (!hasOutput(path)) rmSync(join(path, 'dist', '.tsbuildinfo'), { force: true })
    }
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const log = join(state, 'build.log')
    const { ok, output } = await run([process.execPath, compiler, '-b'], { cwd: root, log })
    if (!ok) {
      throw new SetUpError(`the build failed:\n${lastLines(output)}`, 'mend what the lines name')
    }
    const pack = [process.execPath, join(root, 'scripts', 'bundle.js')]
    const packed = await run(pack, { cwd: root, log: join(state, 'bundle.log') })
    if (!packed.ok) {
      throw new SetUpError(
        `packing failed:\n${lastLines(packed.output)}`,
        'mend what the lines name',
      )
    }
    const pages = [process.execPath, join(root, 'scripts', 'build-pages.js')]
    const paged = await run(pages, { cwd: root, log: join(state, 'pages.log') })
    if (!paged.ok) {
      throw new SetUpError(
        `building the pages failed:\n${lastLines(paged.output)}`,
        'mend what the lines name',
      )
    }
  })
  writeFileSync(join(state, 'built'), before)
}

/** @param {string} state */
function readStamp(state) {
  try {
    return readFileSync(join(state, 'built'), 'utf8')
  } catch {
    return ''
  }
}

/**
 * @param {string} root
 * @returns {string[]} The folders that tsconfig.json names.
 */
function projects(root) {
  /** @type {{ references: { path: string }[] }} */
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'))
  return references.map(({ path }) => join(root, path))
}

/** @param {string} project */
function hasPage(project) {
  return existsSync(join(project, 'web', 'index.html'))
}

/**
 * @param {string} root
 * @returns {string[]} What pages are built from: their own folders, what they have in common, and data.
 */
function pageFolders(root) {
  const pages = projects(root).filter(hasPage)
  const webs = [...pages, join(root, 'packages', 'page')].map((folder) => join(folder, 'web'))
  return [...webs, join(root, 'schemas')]
}

/** @param {string} project */
function hasOutput(project) {
  if (hasPage(project) && !existsSync(join(project, 'dist', 'web', 'index.html'))) return false
  const source = join(project, 'src')
  if (!existsSync(source)) return true
  return compiled(source).every(({ path }) =>
    existsSync(path.replace(source, join(project, 'dist')).replace(/\.tsx?$/, '.js')),
  )
}

/**
 * @param {string} root
 * @returns {string} The same as long as no compiled file was added, removed or changed.
 */
function fingerprint(root) {
  const settings = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json']
  const sources = projects(root).map((project) => join(project, 'src'))
  const hash = createHash('sha256')
  for (const file of settings) hash.update(readFileSync(join(root, file)))
  for (const project of projects(root)) hash.update(readFileSync(join(project, 'tsconfig.json')))
  for (const source of sources.filter((folder) => existsSync(folder))) {
    for (const { path, size, mtimeMs } of compiled(source))
      hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  for (const folder of pageFolders(root)) {
    for (const path of filesUnder(folder)) {
      const { size, mtimeMs } = sizeAndTime(path)
      hash.update(`${path} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

/**
 * @param {string} source
 * @returns {{ path: string, size: number, mtimeMs: number }[]} The files that end up in `dist`.
 */
function compiled(source) {
  return readdirSync(source, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !/\.(test|bench|d)\.tsx?$/.test(name))
    .toSorted()
    .map((name) => ({ path: join(source, name), ...sizeAndTime(join(source, name)) }))
}

/**
 * @param {string} folder
 * @returns {string[]} Every file below it, tests left out.
 */
function filesUnder(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .toSorted()
}

/** @param {string} path */
function sizeAndTime(path) {
  const { size, mtimeMs } = statSync(path)
  return { size, mtimeMs }
}
