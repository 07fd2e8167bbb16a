/** Time of single verifications by the clock on the wall, in µs; awaited one after the other. */
export async function measureLatency(verify, count) {
  for (let index = 0; index < 500; index += 1) await verify(index)
  const taken = new Float64Array(count)
  for (let index = 0; index < count; index += 1) {
    const start = process.hrtime.bigint()
    await verify(index)
    taken[index] = Number(process.hrtime.bigint() - start) / 1000
  }
  taken.sort()
  const at = (share) => taken[Math.floor(count * share)]
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999) }
}

/** Memory that is still in use after `count` verifications, beyond what it was after a tenth. */
export async function measureMemory(verify, count) {
  const inUse = () => {
    globalThis.gc()
    globalThis.gc()
    const { heapUsed, external, arrayBuffers } = process.memoryUsage()
    return (heapUsed + external + arrayBuffers) / 2 ** 20
  }
  for (let index = 0; index < count / 10; index += 1) await verify(index)
  const early = inUse()
  const earlyPeak = process.resourceUsage().maxRSS / 1024
  for (let index = count / 10; index < count; index += 1) await verify(index)
  return {
    count,
    keptMb: inUse() - early,
    inUseMb: inUse(),
    peakGrowthMb: process.resourceUsage().maxRSS / 1024 - earlyPeak,
  }
}
