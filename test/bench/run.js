import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { timeCommands } from './commands.js'
import { createMaterial } from './material-creation.js'
import { measureNationPack } from './own-packs.js'
import { measureOwn, measureShared, measureTwoProcesses } from './measurements.js'
import { installPeers, peers, versionOf } from './peers.js'
import { timeImports } from './processes.js'
import { proveContender } from './proof.js'
import { readVersion, renderReport, writeReport } from './report.js'
import { startContender } from './rounds.js'

/**
 * npm run bench [-- --quick] [-- --write]
 *
 * Measures netcert beside the floor (node:crypto alone) and other libraries, prints the table and,
 * as its last line, one JSON object of the ratios. `--quick` measures less and ends within 40 s;
 * `--write` puts the table into docs/performance.md.
 */
const words = process.argv.slice(2)
const unknown = words.find((word) => word !== '--quick' && word !== '--write')
if (unknown !== undefined) {
  console.error(
    `bench: '${unknown}' is not understood; usage: npm run bench -- [--quick] [--write]`,
  )
  process.exit(2)
}
const quick = words.includes('--quick')
const started = performance.now()

/** How much is measured. `seconds` bounds the warm-up and the rounds of one workload each. */
const effort = quick
  ? {
      rounds: 9,
      chunkMs: 20,
      warmUpMs: 900,
      ownWarmUpMs: 2_200,
      verifications: 2_000,
      runs: 3,
      get seconds() {
        // On a busy machine the last workloads get less, so that the whole still ends in time.
        return Math.max(1, Math.min(7, (34_000 - (performance.now() - started)) / 3_000))
      },
    }
  : {
      rounds: 31,
      chunkMs: 40,
      warmUpMs: 3_000,
      ownWarmUpMs: 3_000,
      verifications: 1_000_000,
      runs: 9,
      seconds: 90,
    }

const CORE = ['verify', 'issue', 'present']
const say = (text) => process.stderr.write(`bench: ${text}\n`)

async function startAll(file, installFault) {
  const start = async ({ contender, name, package: packageName }) => {
    const peer = await startContender(contender, file)
    const reason = installFault ?? peer.reason ?? (await proveContender(peer, file))
    if (reason !== undefined && reason !== null) peer.stop()
    return { ...peer, name, version: versionOf(packageName), reason: reason ?? undefined }
  }
  return Promise.all(peers.map(start))
}

async function startOwn(contender, file) {
  const own = await startContender(contender, file)
  const reason = own.reason ?? (await proveContender(own, file))
  if (reason !== undefined && reason !== null) throw new Error(`${contender}: ${reason}`)
  return own
}

async function measure(file) {
  const installFault = installPeers()
  say('starting the libraries, each in a process of its own, and proving that they verify')
  const floor = await startOwn('floor', file)
  const ours = await startOwn('netcert', file)
  const byHand = await startOwn('by-hand', file)
  const others = await startAll(file, installFault)
  const taking = [floor, byHand, ours, ...others.filter(({ reason }) => reason === undefined)]
  const stopAll = () => [floor, byHand, ours, ...others].forEach(({ stop }) => stop())
  try {
    say('measuring in interleaved rounds')
    const keys = quick ? CORE : [...CORE, 'verifyLong', 'batch']
    const shared = await measureShared(taking, keys, effort)
    const own = await measureOwn(ours, { ...effort, ownWarmUpMs: effort.warmUpMs / 3 })
    const latency = await ours.call('latency', effort.verifications / (quick ? 1 : 20))
    const rest = quick ? {} : await measureRest(ours, file)
    return { shared, own, latency, peers: others, ...rest }
  } finally {
    stopAll()
  }
}

async function measureRest(ours, file) {
  say('two processes, memory, imports, commands')
  const second = await startOwn('netcert', file)
  const twoProcesses = await measureTwoProcesses(ours, second, { count: 8_000, rounds: 7 })
  second.stop()
  const memory = await ours.call('memory', effort.verifications)
  const nationPack = await measureNationPack()
  const imports = timeImports(
    [
      '@netcert/verifier',
      '@sd-jwt/sd-jwt-vc',
      '@meeco/sd-jwt',
      '@credo-ts/core',
      '@veramo/credential-jwt',
    ],
    effort.runs,
  )
  return {
    twoProcesses,
    memory,
    nationPack,
    imports,
    verifierImport: imports[0],
    commands: await timeCommands(effort.runs),
  }
}

const folder = mkdtempSync(join(tmpdir(), 'netcert-bench-'))
try {
  const file = join(folder, 'material.json')
  writeFileSync(file, JSON.stringify(await createMaterial({ holders: quick ? 100 : 400 })))
  const result = await measure(file)
  const command = `npm run bench${words.length > 0 ? ` -- ${words.join(' ')}` : ''}`
  const day = new Date().toISOString().slice(0, 10)
  const report = renderReport({ ...result, command, version: readVersion(), day })
  console.log(report)
  if (words.includes('--write')) writeReport(report)
  const round = (_name, value) => (typeof value === 'number' ? Number(value.toFixed(3)) : value)
  const ratios = Object.entries(result.shared).map(([key, { ofFloor, vs }]) => [
    key,
    { ofFloor, vs },
  ])
  const { numberCheck, blindEvaluation } = result.own
  const all = { ...Object.fromEntries(ratios), numberCheck, blindEvaluation }
  console.log(JSON.stringify(all, round))
} finally {
  rmSync(folder, { recursive: true })
}
