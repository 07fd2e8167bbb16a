import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

/** The libraries that are measured beside ours: contender file, package, name in the table. */
export const peers = [
  { contender: 'sd-jwt', name: '@sd-jwt', package: '@sd-jwt/sd-jwt-vc' },
  { contender: 'sd-jwt-tuned', name: '@sd-jwt on node:crypto', package: '@sd-jwt/sd-jwt-vc' },
  { contender: 'meeco', name: '@meeco', package: '@meeco/sd-jwt' },
  { contender: 'credo', name: 'credo-ts', package: '@credo-ts/core' },
  { contender: 'veramo', name: 'Veramo', package: '@veramo/credential-w3c' },
]

/** Installs the peers when they are missing or older than the lock file; gives what went wrong. */
export function installPeers() {
  const installed = `${here}node_modules/.package-lock.json`
  const lock = `${here}package-lock.json`
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return null
  process.stderr.write('bench: installing the libraries that are compared (once, 180 MB) ...\n')
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    { cwd: here, encoding: 'utf8' },
  )
  return status === 0 ? null : stderr.trim().split('\n')[0] || `npm ci ended with ${status}`
}

/** The installed version of a peer's package, or undefined. */
export function versionOf(name) {
  const file = `${here}node_modules/${name}/package.json`
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined
}
