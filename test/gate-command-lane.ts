import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { beforeAll } from 'vitest'
import { jsonOf, netcert, startNetcert } from './e2e/netcert-process.js'
import { gateGround, type GateGround } from './gate-ground.js'
import { writeAccreditation } from './gate-venue.js'

/** A lane that the command made, at the venue of a real ground. */
export type CommandLane = {
  readonly ground: GateGround
  readonly file: string
  readonly codeFile: string
  /** `gate lane` for the venue's event, with other options in addition. */
  laneWords(out: string, ...more: readonly string[]): readonly string[]
  /** The options that open the lane and its ledger. */
  opened(): readonly string[]
  start(...more: readonly string[]): RunningLane
}

/** A running lane: what it says line by line, and how a scanner types. */
export type RunningLane = {
  next<Said>(): Promise<Said>
  type(text: string): void
  /** Ends its input and gives its exit code. */
  end(): Promise<number>
}

/** Call at the top of a file. */
export function commandLane(): CommandLane {
  const ground = gateGround()
  const at = (name: string) => `${ground.folder}/${name}`
  const lane: CommandLane = {
    ground,
    get file() {
      return at('north-1.ncgate')
    },
    get codeFile() {
      return at('north-1.code')
    },
    laneWords: (out, ...more) => [
      ...['gate', 'lane', '--dir', ground.verifierDir, '--event', 'final-2026'],
      ...['--accreditation', at('venue-entry.jwt'), '--ends', '2099-01-01T00:00:00Z'],
      ...['--gate', 'north', '--lane', '1', '--out', out, '--json', ...more],
    ],
    opened: () => ['--lane', lane.file, '--code-file', lane.codeFile],
    start: (...more) => startLane([...lane.opened(), '--lists', ground.published, ...more]),
  }
  beforeAll(async () => {
    // The key that the registrar knows stands in for one that `gate key` would have made.
    const secrets = `${ground.verifierDir}/secrets`
    mkdirSync(secrets, { recursive: true })
    writeFileSync(`${secrets}/gate-request.jwk`, JSON.stringify(ground.venue.requestKey))
    await writeAccreditation(ground.venue, 'venue-entry', ground.folder)
    const made = jsonOf<{ code: string }>(await netcert(lane.laneWords(lane.file)))
    writeFileSync(lane.codeFile, made.code)
  })
  return lane
}

function startLane(words: readonly string[]): RunningLane {
  const child = startNetcert(['gate', 'run', ...words, '--json'])
  const lines = createInterface({ input: child.stdout ?? process.stdin })[Symbol.asyncIterator]()
  const ended = once(child, 'close')
  return {
    async next<Said>() {
      const { value } = (await lines.next()) as { value?: string }
      return JSON.parse(value ?? 'null') as Said
    },
    type: (text) => void child.stdin?.write(text),
    async end() {
      child.stdin?.end()
      const [code] = (await ended) as [number]
      return code
    },
  }
}
