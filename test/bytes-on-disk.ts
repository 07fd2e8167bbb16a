import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** What is looked for, by name. */
export type Secrets = Readonly<Record<string, Buffer>>

/** Bytes of all files in which the browser keeps databases of pages. */
export function databaseBytes(profile: string): number {
  const sizes = filesBelow(join(profile, 'Default', 'IndexedDB')).map((path) => statSync(path).size)
  return sizes.reduce((sum, size) => sum + size, 0)
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((entry) => join(folder, entry))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
}

/** Names of the secrets that stand in any file below a folder, in order. */
export function namesFoundIn(folder: string, secrets: Secrets): readonly string[] {
  const names = new Set<string>()
  for (const path of filesBelow(folder)) {
    const bytes = readFileSync(path)
    for (const [name, secret] of Object.entries(secrets)) {
      if (bytes.includes(secret)) names.add(name)
    }
  }
  return [...names].toSorted()
}
