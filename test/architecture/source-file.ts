import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One file of the repository; `path` is relative to its root, with forward slashes. */
export type SourceFile = { readonly path: string; readonly text: string }

export type Import = { readonly name: string; readonly isTypeOnly: boolean }

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

const places = ['packages', 'schemas', 'scripts', 'test', 'docs', '.ci']
const notOurs = /(^|\/)(\.git|node_modules|dist|netcert-demo)(\/|$)|\.(png|y4m|ncpack|sqlite)$/

/** Everything a person wrote: what is installed, built or made by a demo is left out. */
export function readRepository(): SourceFile[] {
  const atRoot = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    // A worktree has a file of that name.
    .filter((name) => !notOurs.test(name))
  return [...atRoot, ...places.flatMap((place) => filesUnder(place))].map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }))
}

function filesUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (notOurs.test(path)) return []
    if (entry.isDirectory()) return filesUnder(path)
    return entry.isFile() ? [path] : []
  })
}

/** The code without its comments, in which anything may be named. Strings stay as they are. */
export function codeOf(text: string): string {
  const token =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|(?<!\\)\/\/[^\n]*/g
  return text.replace(token, (part) => (part.startsWith('/') ? '' : part))
}

const importForm =
  /(?:^|[\s;])(?:import|export)\s+(type\s)?(?:[\w\s{},*$]+?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

export function importsOf(code: string): Import[] {
  return [...code.matchAll(importForm)].map(([, type, named, dynamic]) => ({
    name: named ?? dynamic ?? '',
    isTypeOnly: type !== undefined,
  }))
}

/** The path a relative import leads to, as the source is called. */
export function targetOf(path: string, name: string): string {
  return posix.join(posix.dirname(path), name).replace(/\.js$/, '.ts')
}

/** `start` and every file its relative imports lead to; types alone bring nothing along. */
export function reachableFrom(start: string, files: ReadonlyMap<string, SourceFile>): Set<string> {
  const reached = new Set<string>()
  const waiting = [start]
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = files.get(path)
    if (file === undefined || reached.has(path)) continue
    reached.add(path)
    for (const { name, isTypeOnly } of importsOf(codeOf(file.text))) {
      if (name.startsWith('.') && !isTypeOnly) waiting.push(targetOf(path, name))
    }
  }
  return reached
}
