import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** The text of the browser snippet `verifyAndWait()`, a file of this package. */
export function readBrowserScript(): Promise<string> {
  // By the package's own name: found from the sources, the build and a bundle alike.
  const file = createRequire(import.meta.url).resolve('@netcert/verifier/verify-and-wait.js')
  return readFile(file, 'utf8')
}
