import { readFileSync } from 'node:fs'
import { readMaterial } from './material.js'

/**
 * One contender in a process of its own, so that heaps, compiled code and garbage never mix. It
 * runs a named workload as often as it is told and answers with the CPU time that it took.
 */
const [, , name, file] = process.argv
const rounds = new Map()

async function run(workload, count) {
  const start = rounds.get(workload) ?? 0
  rounds.set(workload, start + count)
  const wall = process.hrtime.bigint()
  const before = process.cpuUsage()
  for (let index = start; index < start + count; index += 1) {
    const pending = contender[workload](index)
    if (pending instanceof Promise) await pending
  }
  const { user, system } = process.cpuUsage(before)
  return { microseconds: user + system, wallNanoseconds: Number(process.hrtime.bigint() - wall) }
}

async function answer(call, given) {
  process.send({ answer: await (call === 'run' ? run : contender[call])(...given) })
}

let contender
try {
  const { open } = await import(`./contenders/${name}.js`)
  contender = await open(readMaterial(JSON.parse(readFileSync(file, 'utf8'))))
  process.on('message', ({ call, given }) => {
    answer(call, given).catch((error) => process.send({ failure: `${error?.message ?? error}` }))
  })
  process.send({ answer: Object.keys(contender) })
} catch (error) {
  process.send({ failure: `${error?.message ?? error}` }, () => process.exit(1))
}
