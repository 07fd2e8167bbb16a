import { lstat, readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type Finding, failed, problem, warning, well } from './finding.js'

/** Files that hold keys or people: nobody but the owner may read them. */
const secret = /(\.key|\.sqlite|\.sqlite-wal|\.sqlite-shm)$/

/** Whether the data folder is the owner's alone, and where the root key lies. */
export async function checkFiles(dir: string): Promise<Finding[]> {
  const open: string[] = []
  try {
    for await (const path of walk(dir)) {
      const stat = await lstat(path)
      const matters = path === dir || secret.test(path) || stat.isSymbolicLink()
      if (matters && (stat.isSymbolicLink() || (stat.mode & 0o077) !== 0)) {
        open.push(relative(dir, path) || '.')
      }
    }
  } catch (error) {
    return [failed('Files', error)]
  }
  const modes =
    open.length === 0
      ? well('Files', 'keys and databases are readable by the owner alone')
      : problem(
          'Files',
          'files_open',
          `Others can read, or a link leads out of the folder: ${open.slice(0, 5).join(', ')}.`,
          `Run \`chmod -R go= ${dir}\`, and put files in place of links.`,
        )
  return [modes, await checkRootKey(dir)]
}

async function* walk(dir: string, depth = 0): AsyncGenerator<string> {
  yield dir
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name)
    if (entry.isDirectory() && depth < 3) yield* walk(path, depth + 1)
    else yield path
  }
}

async function checkRootKey(dir: string): Promise<Finding> {
  const names = await readdir(join(dir, 'secrets')).catch(() => [])
  // The root's, and those of the roots after it.
  const here = names.filter((name) => /^root(-\d+)?\.key$/.test(name))
  if (here.length === 0) return well('Root key', 'not on this machine')
  const paths = here.map((name) => join(dir, 'secrets', name)).join(', ')
  return warning(
    'Root key',
    'root_key_online',
    'The root key lies in the data folder; whoever copies it can name other issuers.',
    `Move ${paths} to a medium that is kept offline; publish with --root-key.`,
  )
}
