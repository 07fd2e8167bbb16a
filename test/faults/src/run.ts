/**
 * `npm run faults`: kills, doubles, fills and locks an issuer, and counts what was lost.
 *
 *   npm run faults -- [--trials N] [--json]
 *
 * Exit code 0 when nothing acknowledged was lost, nothing was given twice and each restart took
 * less than five seconds; 1 when not; 2 for wrong use.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { fullDisk } from './full-disk.js'
import { killWhileMinting, killWhileRevoking, twoProcesses } from './kills.js'
import { lockedDatabase } from './locked-database.js'
import type { Outcome, Trial } from './trial.js'
import { killWhileFillingWallets } from './wallets.js'
import { copyWorld, createWorld } from './world.js'

const mostRestartSeconds = 5

type Options = { readonly trials: number; readonly json: boolean }

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      trials: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
    },
  })
  const trials = Number(values.trials)
  if (!Number.isInteger(trials) || trials < 1) throw new RangeError('--trials is a whole number')
  return { trials, json: values.json }
}

/** Ten trials in turn: most of them kills, half of those at the first acknowledgement. */
async function createTrials(folder: string): Promise<readonly Trial[]> {
  const pristine = await createWorld(join(folder, 'pristine'))
  const world = copyWorld(pristine, join(folder, 'issuer'))
  const minting: Trial = (place) => killWhileMinting(world, place)
  const revoking: Trial = (place) => killWhileRevoking(world, place)
  const two: Trial = (place) => twoProcesses(world, place)
  const locked: Trial = (place) => lockedDatabase(world, place)
  const full: Trial = (place) => fullDisk(pristine, place)
  const wallets: Trial = (place) => killWhileFillingWallets(pristine, place)
  return [minting, minting, revoking, revoking, wallets, wallets, two, locked, full, minting]
}

async function runTrials({ trials, json }: Options, folder: string): Promise<Outcome[]> {
  const kinds = await createTrials(folder)
  const outcomes: Outcome[] = []
  for (let number = 0; number < trials; number += 1) {
    const place = { folder: join(folder, `trial-${number}`), number }
    mkdirSync(place.folder)
    const trial = kinds[number % kinds.length]
    if (trial === undefined) break
    const outcome = await trial(place).catch(brokenBy)
    outcomes.push(outcome)
    rmSync(place.folder, { recursive: true })
    if (!json) showTrial(outcome, outcomes.length, trials)
  }
  return outcomes
}

/** Work that cannot go on after a fault is a loss like any other. */
function brokenBy(error: unknown): Outcome {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const nothing = { doubled: [], acknowledged: 0, restartSeconds: Number.POSITIVE_INFINITY }
  return { trial: 'broken', lost: [text], ...nothing }
}

function showTrial(outcome: Outcome, at: number, of: number) {
  const { trial, acknowledged, lost, doubled, restartSeconds } = outcome
  const wrong = [...lost, ...doubled].map((line) => `\n    ${line}`).join('')
  const back = `back in ${restartSeconds.toFixed(2)} s`
  console.log(`${at}/${of} ${trial}: ${acknowledged} acknowledged, ${back}${wrong}`)
}

function summaryOf(outcomes: readonly Outcome[]) {
  const count = (of: (outcome: Outcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0)
  return {
    trials: outcomes.length,
    acknowledged: count(({ acknowledged }) => acknowledged),
    lost: count(({ lost }) => lost.length),
    doubled: count(({ doubled }) => doubled.length),
    slowestRestartSeconds: Math.max(...outcomes.map(({ restartSeconds }) => restartSeconds)),
  }
}

async function main(): Promise<void> {
  const options = readOptions()
  const folder = mkdtempSync(join(tmpdir(), 'netcert-faults-'))
  try {
    const outcomes = await runTrials(options, folder)
    const summary = summaryOf(outcomes)
    const { trials, acknowledged, lost, doubled, slowestRestartSeconds: slowest } = summary
    const counts = `${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled`
    const line = `${trials} trials, ${counts}, slowest restart ${slowest.toFixed(2)} s`
    console.log(options.json ? JSON.stringify({ ...summary, outcomes }) : line)
    process.exitCode = lost + doubled === 0 && slowest < mostRestartSeconds ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = error instanceof RangeError || error instanceof TypeError ? 2 : 3
})
