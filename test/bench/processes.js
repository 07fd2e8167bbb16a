import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { median } from './rounds.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Runs before the measured program and writes down what its process has used when it ends. */
const REPORT = `
import { writeFileSync } from 'node:fs'
process.on('exit', () => {
  const { user, system } = process.cpuUsage()
  writeFileSync(process.env.BENCH_USAGE, JSON.stringify({
    cpuMs: (user + system) / 1000,
    peakMb: process.resourceUsage().maxRSS / 1024,
  }))
})
`

/**
 * Whole processes, started in turn: CPU time up to the exit, wall time as the caller sees it, and
 * peak memory. Gives the medians of each.
 */
export function timeProcesses(programs, runs, cwd = root) {
  const folder = mkdtempSync(join(tmpdir(), 'netcert-bench-'))
  const preload = join(folder, 'report.mjs')
  const usage = join(folder, 'usage.json')
  writeFileSync(preload, REPORT)
  const samples = programs.map(() => [])
  try {
    for (let run = 0; run < runs; run += 1) {
      programs.forEach((words, index) => {
        const start = process.hrtime.bigint()
        spawnSync(process.execPath, [`--import=file://${preload}`, ...words], {
          cwd,
          env: { ...process.env, BENCH_USAGE: usage },
        })
        const wallMs = Number(process.hrtime.bigint() - start) / 1e6
        samples[index].push({ wallMs, ...JSON.parse(readFileSync(usage, 'utf8')) })
      })
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
  return samples.map((taken) => ({
    wallMs: median(taken.map(({ wallMs }) => wallMs)),
    cpuMs: median(taken.map(({ cpuMs }) => cpuMs)),
    peakMb: median(taken.map(({ peakMb }) => peakMb)),
  }))
}

/** What importing a package costs over an empty process. */
export function timeImports(packages, runs) {
  const programs = ['', ...packages].map((name) => [
    '--input-type=module',
    '--eval',
    name === '' ? '' : `await import(${JSON.stringify(name)})`,
  ])
  // From here both our packages and the peers are found.
  const [empty, ...imported] = timeProcesses(programs, runs, here)
  return imported.map(({ cpuMs, peakMb }, index) => ({
    name: packages[index],
    ms: cpuMs - empty.cpuMs,
    mb: peakMb - empty.peakMb,
    peakMb,
  }))
}
