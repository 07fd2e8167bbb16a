import { once } from 'node:events'
import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

const [FIRST, END] = [10_240, 32_768]
/** At least as many as run tests side by side: each has ports of its own. */
const WORKERS = 16
const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % WORKERS
/** A port may be listened on long after it was asked for: nobody else here is to get it meanwhile. */
const given = new Set<number>()

/**
 * A port that was free a moment ago: base URLs are fixed before anything listens. It lies below
 * what systems give to outgoing connections and to port 0 (RFC 6335 §6; Linux from 32768), so that
 * none of the other tests' sockets takes it before the one it was asked for.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + randomInt((END - FIRST) / WORKERS) * WORKERS + worker
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false
    throw error
  }
  probe.close()
  await once(probe, 'close')
  return true
}
