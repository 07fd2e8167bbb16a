#!/usr/bin/env node
// The `netcert` command. Plain JavaScript, so that it can say what is missing before anything is
// built; everything else is in src/ and arrives here as dist/netcert.js.
import { existsSync, readFileSync, statSync } from 'node:fs'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const here = import.meta.url
const built = new URL('./dist/netcert.js', here)
const packed = new URL('./dist/command/netcert.js', here)

function stop(what, cure, code) {
  const json = process.argv.includes('--json')
  const error = { code, message: what, cure, exit: 3 }
  process.stderr.write(
    json
      ? `${JSON.stringify({ error })}\n`
      : `netcert: ${what}\n  cure  ${cure}\n  code  ${code}\n`,
  )
  process.exit(3)
}

if (major < 20 || (major === 20 && minor < 19)) {
  stop(
    `this is Node ${process.versions.node}; netcert needs 20.19 or newer.`,
    'Install a newer Node.',
    'node_too_old',
  )
}
if (!existsSync(built)) {
  stop(
    'the command is not built yet.',
    'Run `npm start -- --once` once (it installs and builds everything), or `npm run build`.',
    'not_built',
  )
}

const { version } = JSON.parse(readFileSync(new URL('./package.json', here), 'utf8'))
const entry = packedIsCurrent() ? packed : built
const { main } = await import(entry.href).catch((error) => {
  if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error
  return stop(
    'a part of the command is missing.',
    'Run `npm ci` and then `npm run build`.',
    'not_installed',
  )
})
process.exitCode = await main(process.argv.slice(2), version)

/** Whether the packed command is there and nothing was compiled after it. */
function packedIsCurrent() {
  const made = changedAt(packed)
  if (made === undefined) return false
  const roles = ['credential', 'protocol', 'agent', 'issuer', 'wallet', 'verifier']
  const notes = roles.map((role) => new URL(`../packages/${role}/dist/.tsbuildinfo`, here))
  notes.push(new URL('./dist/.tsbuildinfo', here))
  // Where the command is installed from a registry there are no notes, and nothing is compiled.
  return notes.every((note) => (changedAt(note) ?? 0) <= made)
}

function changedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
