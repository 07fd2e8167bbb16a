import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readInputText } from '../read-input.js'
import { type Finding, failed, problem, warning, well } from './finding.js'

const HOUR = 3600
const DAY = 24 * HOUR
const limitBytes = 16 * 1024 * 1024

/** How old what is published may get before somebody must know, in seconds before its end. */
const warnBefore = { 'trust list': 15 * DAY, 'status list': 2 * DAY } as const

/** How long the published trust list and status lists still hold. */
export async function checkPublished(dir: string, now: Date): Promise<Finding[]> {
  const findings = [await checkToken('trust list', join(dir, 'trust-list.jwt'), now)]
  const names = await readdir(join(dir, 'status')).catch(() => [])
  for (const name of names.filter((file) => file.endsWith('.jwt')).slice(0, 1_000)) {
    findings.push(await checkToken('status list', join(dir, 'status', name), now))
  }
  return findings
}

async function checkToken(kind: keyof typeof warnBefore, path: string, now: Date) {
  try {
    const text = await readInputText({ path, what: `The ${kind}`, limitBytes })
    return judgeEnd(kind, path, endOf(text), now)
  } catch (error) {
    return failed(`Published ${kind}`, error)
  }
}

/** `exp` of a token, read without judging it: verifiers judge, the doctor only reads the date. */
function endOf(token: string): number {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  const value: unknown = JSON.parse(payload)
  const exp = typeof value === 'object' && value !== null && 'exp' in value ? value.exp : undefined
  return typeof exp === 'number' ? exp : Number.NaN
}

function judgeEnd(kind: keyof typeof warnBefore, path: string, end: number, now: Date): Finding {
  const check = `Published ${kind}`
  const cure = 'Run `netcert publish` now, and on a schedule: daily is a good one.'
  const left = end - now.getTime() / 1000
  if (!(left > 0)) {
    return problem(check, 'published_expired', `${path} has ended; verifiers refuse now.`, cure)
  }
  const days = `${path} holds for ${Math.floor(left / DAY)} more days`
  if (left < warnBefore[kind]) return warning(check, 'published_ends_soon', `${days} only.`, cure)
  return well(check, days)
}
