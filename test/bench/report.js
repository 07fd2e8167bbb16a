import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'

const page = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))
const START = '<!-- bench: start -->'
const END = '<!-- bench: end -->'

/** The goals of the design: where the value stands in a result, the bound, and its direction. */
export const goals = [
  ['verify: share of the floor', (r) => r.shared.verify?.ofFloor, '≥', 0.85],
  ['verify: times @sd-jwt', (r) => r.shared.verify?.vs['@sd-jwt'], '≥', 3.3],
  ['verify: times credo-ts', (r) => r.shared.verify?.vs['credo-ts'], '≥', 11],
  ['verify, 2^20 list: times @sd-jwt', (r) => r.shared.verifyLong?.vs['@sd-jwt'], '≥', 250],
  ['verify, 2^20 list: times credo-ts', (r) => r.shared.verifyLong?.vs['credo-ts'], '≥', 250],
  ['issue: share of the floor', (r) => r.shared.issue?.ofFloor, '≥', 0.7],
  ['issue: times @sd-jwt', (r) => r.shared.issue?.vs['@sd-jwt'], '≥', 7],
  ['batch of 10, in single issues', (r) => r.own.batchOfSingles, '≤', 10.3],
  ['present: share of the floor', (r) => r.shared.present?.ofFloor, '≥', 0.9],
  ['refusing a wrong nonce, µs', (r) => r.own.refuseNonceUs, '≤', 20],
  ['refusing an untrusted issuer, µs', (r) => r.own.refuseIssuerUs, '≤', 20],
  ['two processes, times one', (r) => r.twoProcesses, '≥', 1.85],
  ['verify: p99 over p50', (r) => r.latency && r.latency.p99 / r.latency.p50, '≤', 5],
  ['memory kept after the long run, MB', (r) => r.memory?.keptMb, '≤', 5],
  ['re-publish a 2^20 status list, ms', (r) => r.own.republishMs, '≤', 6],
  ['check of one status bit, ns', (r) => r.own.bitCheckNs, '≤', 50],
  ['offline pack of a nation, import and verify, CPU ms', (r) => r.nationPack?.cpuMs, '≤', 600],
  ['blind evaluation beyond an issue, ms', (r) => r.own.blindEvaluation.ms, '≤', 4],
  ['number check beyond a verification, ms', (r) => r.own.numberCheck.ms, '≤', 6],
  ['presentation text to verdict, ms', (r) => r.latency && r.latency.p50 / 1000, '≤', 1],
  ['gate: text of the QR code to verdict, ms', (r) => r.own.gateCodeMs, '≤', 1],
  ['verifier import over an empty process, ms', (r) => r.verifierImport?.ms, '≤', 25],
  ['verifier process after import, MB', (r) => r.verifierImport?.peakMb, '≤', 80],
  ['netcert --help, ms', (r) => r.commands?.help, '≤', 250],
  ['netcert verify, ms', (r) => r.commands?.verify, '≤', 250],
]

const number = (value) =>
  value === undefined
    ? '–'
    : value >= 100
      ? value.toFixed(0)
      : value >= 10
        ? value.toFixed(1)
        : value.toFixed(2)

/** The whole run as Markdown: shared workloads, goals, peers that could not take part. */
export function renderReport(result) {
  const names = result.peers.filter(({ reason }) => reason === undefined).map(({ name }) => name)
  const lines = [
    `Command: \`${result.command}\``,
    '',
    `${cpus().length} × ${cpus()[0].model}, Node ${process.versions.node}, ${result.version}, ${result.day}.`,
    '',
    `| work, CPU µs | floor | by hand | netcert | ${names.join(' | ')} |`,
    `|---|${'---|'.repeat(names.length + 3)}`,
    ...Object.values(result.shared).map(({ title, microseconds }) =>
      row([
        title,
        ...['floor', 'by-hand', 'netcert', ...names].map((name) => number(microseconds[name])),
      ]),
    ),
    '',
    `| ratio within the rounds | by hand, of the floor | netcert, of the floor | ${names.map((name) => `times ${name}`).join(' | ')} |`,
    `|---|${'---|'.repeat(names.length + 2)}`,
    ...Object.values(result.shared).map(({ title, ofFloor, byHandOfFloor, vs }) =>
      row([
        title,
        number(byHandOfFloor),
        number(ofFloor),
        ...names.map((name) => number(vs[name])),
      ]),
    ),
    '',
    '| goal | bound | measured | |',
    '|---|---|---|---|',
    ...goals.flatMap(([title, read, sign, bound]) => goalRow(title, read(result), sign, bound)),
    '',
    `- with a platform number: an issue takes ${number(result.own.blindEvaluation.times)} ordinary ones, a verification ${number(result.own.numberCheck.times)}`,
    ...nationNote(result.nationPack),
    ...(result.imports ?? []).map(importNote),
    ...result.peers
      .filter(({ reason }) => reason !== undefined)
      .map(({ name, reason }) => `- ${name} did not take part: ${reason}`),
  ]
  return `${lines.join('\n')}\n`
}

function goalRow(title, value, sign, bound) {
  if (value === undefined || Number.isNaN(value)) return []
  const met = sign === '≥' ? value >= bound : value <= bound
  return [row([title, `${sign} ${bound}`, number(value), met ? 'met' : '**not met**'])]
}

const importNote = ({ name, ms, mb }) =>
  `- import of ${name} over an empty process: ${number(ms)} ms CPU, ${number(mb)} MB`

function nationNote(pack) {
  if (pack === undefined) return []
  const { fileMb, heldMb, peakMb, wallMs, deltaMs } = pack
  const told = `${number(fileMb)} MB, ${number(wallMs)} ms by the clock; ${number(heldMb)} MB held`
  return [
    `- offline pack of a nation (954 lists of 2^20): ${told}, ${number(peakMb)} MB at most; its delta of a day ${number(deltaMs)} ms CPU`,
  ]
}

const row = (cells) => `| ${cells.join(' | ')} |`

/** Puts the report between the two marks of docs/performance.md. */
export function writeReport(report) {
  const text = readFileSync(page, 'utf8')
  const [start, end] = [text.indexOf(START), text.indexOf(END)]
  if (start < 0 || end < start)
    throw new Error(`docs/performance.md lost its marks ${START} ${END}`)
  writeFileSync(page, `${text.slice(0, start + START.length)}\n\n${report}\n${text.slice(end)}`)
}

/** The commit that is measured, with a plus sign when files differ from it. */
export function readVersion() {
  const git = (...words) =>
    execFileSync('git', words, {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      encoding: 'utf8',
    }).trim()
  try {
    return `commit ${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain', '--', '../../packages') ? '+' : ''}`
  } catch {
    return 'no commit'
  }
}
