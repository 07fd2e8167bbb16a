import { fork } from 'node:child_process'

/** Starts one contender in its own process; `reason` is set when it cannot take part. */
export async function startContender(name, file) {
  const child = fork(new URL('./contender.js', import.meta.url), [name, file], {
    execArgv: ['--expose-gc'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  let errors = ''
  child.stderr.on('data', (text) => {
    errors = `${errors}${text}`.slice(-2000)
  })
  const call = (name, ...given) => {
    child.send({ call: name, given })
    return answerOf(child, () => errors)
  }
  const stop = () => child.kill()
  try {
    const offers = await answerOf(child, () => errors)
    return { name, call, stop, offers }
  } catch (error) {
    return { name, stop, offers: [], reason: error.message }
  }
}

function answerOf(child, errors) {
  return new Promise((resolve, reject) => {
    const settle = (finish) => (value) => {
      child.off('message', onMessage)
      child.off('exit', onExit)
      finish(value)
    }
    const onMessage = (message) =>
      'failure' in message
        ? settle(reject)(new Error(message.failure))
        : settle(resolve)(message.answer)
    const onExit = (code) => settle(reject)(new Error(`ended with ${code}: ${errors().trim()}`))
    child.on('message', onMessage)
    child.on('exit', onExit)
  })
}

/**
 * Runs lanes `{ key, contender, workload }` in interleaved rounds: in each round every lane works
 * for about `chunkMs` of CPU time, in turn and never at the same time, in an order that rotates. A
 * ratio is taken within each round, so that a change of the machine's speed meets both sides of it.
 * Gives the microseconds of one call by key, round by round.
 */
export async function interleave(lanes, effort) {
  const { rounds, seconds } = effort
  const offered = lanes.filter(({ contender, workload }) => contender.offers.includes(workload))
  const running = await warmUpAll(offered, effort)
  const end = performance.now() + seconds * 1000
  for (let round = 0; round < rounds; round += 1) {
    // On a busy machine fewer rounds are better than a run that does not end.
    if (round >= LEAST_ROUNDS && performance.now() > end) break
    for (let turn = 0; turn < running.length; turn += 1) {
      const lane = running[(turn + round) % running.length]
      const { microseconds } = await lane.contender.call('run', lane.workload, lane.count)
      lane.samples.push(microseconds / lane.count)
    }
  }
  return new Map(running.map(({ key, samples }) => [key, samples]))
}

const LEAST_ROUNDS = 5

/** Contenders warm up side by side, the lanes of one contender one after the other. */
async function warmUpAll(lanes, effort) {
  const queues = new Map()
  const warmed = lanes.map((lane) => {
    const before = queues.get(lane.contender) ?? Promise.resolve()
    const count = before.then(() => warmUp(lane.contender, lane.workload, effort))
    queues.set(lane.contender, count)
    return count.then((operations) => ({ ...lane, count: operations, samples: [] }))
  })
  return Promise.all(warmed)
}

/** Runs until the compiler has settled; gives the operations that fill a chunk. */
async function warmUp(contender, workload, effort) {
  const { chunkMs, seconds } = effort
  // Ours compiles the most code of its own; libraries that spend longer in each call need fewer.
  const warmUpMs = contender.name === 'netcert' ? effort.ownWarmUpMs : effort.warmUpMs
  const end = performance.now() + seconds * 1000
  let count = 1
  let spent = 0
  while (true) {
    const { microseconds } = await contender.call('run', workload, count)
    spent += microseconds / 1000
    const perCall = microseconds / count
    count = Math.max(1, Math.min(count * 4, Math.round((chunkMs * 1000) / Math.max(perCall, 0.01))))
    if (spent > warmUpMs || performance.now() > end) return count
  }
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** The median over the rounds of `above` over `below`. */
export const ratio = (above, below) => median(above.map((value, round) => value / below[round]))
