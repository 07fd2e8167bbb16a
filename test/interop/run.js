import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * npm run interop
 *
 * Installs the software of others beside these tests, lets it talk to ours over HTTP on this
 * machine, and prints what passed, as a table.
 */
const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

function installPeers() {
  const installed = join(here, 'node_modules', '.package-lock.json')
  const lock = join(here, 'package-lock.json')
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return
  process.stderr.write('interop: installing the peers (once, 125 MB) ...\n')
  const words = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = spawnSync('npm', words, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) throw new Error(`npm ci ended with ${status}`)
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), 'netcert-interop-'))
  const report = join(folder, 'report.json')
  const words = ['vitest', 'run', 'test/interop', '--reporter=json', `--outputFile=${report}`]
  spawnSync('npx', words, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  try {
    const { testResults } = JSON.parse(readFileSync(report, 'utf8'))
    return testResults.flatMap(({ assertionResults }) => assertionResults)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function render(results) {
  const rows = results.map(({ ancestorTitles, title, status, failureMessages }) => ({
    pair: ancestorTitles.join(' '),
    title,
    result: status,
    why: status === 'failed' ? `: ${failureMessages[0]?.split('\n')[0]?.slice(0, 200) ?? ''}` : '',
  }))
  const cells = rows.map(
    ({ pair, title, result, why }) => `| ${pair} | ${title} | ${result}${why} |`,
  )
  return ['| pair | exchange | result |', '|---|---|---|', ...cells].join('\n')
}

installPeers()
const results = runTests()
console.log(render(results))
const count = (status) => results.filter((result) => result.status === status).length
const skipped = results.length - count('passed') - count('failed')
console.log(`\n${count('passed')} passed, ${count('failed')} failed, ${skipped} skipped`)
if (count('failed') > 0 || count('passed') === 0) process.exitCode = 1
