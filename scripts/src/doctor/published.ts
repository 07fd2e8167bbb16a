import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readInputText } from '../read-input.js'
import { type Finding, failed, problem, warning, well } from './finding.js'

const HOUR = 3600
const DAY = 24 * HOUR
const limitBytes = 16 * 1024 * 1024

/** Half of their lives: from then on somebody must know, in seconds before their end. */
const warnBefore = { 'Trust list': 15 * DAY, 'Status list': 3.5 * DAY } as const

/** How long the published trust list and status lists still hold. */
export async function checkPublished(dir: string, now: Date): Promise<Finding[]> {
  const findings = [await checkToken('Trust list', join(dir, 'trust-list.jwt'), now)]
  const names = await readdir(join(dir, 'status')).catch(() => [])
  for (const name of names.filter((file) => file.endsWith('.jwt')).slice(0, 1_000)) {
    findings.push(await checkToken('Status list', join(dir, 'status', name), now))
  }
  return findings
}

async function checkToken(kind: keyof typeof warnBefore, path: string, now: Date) {
  try {
    const text = await readInputText({ path, what: `The ${kind.toLowerCase()}`, limitBytes })
    return judgeEnd(kind, path, endOf(text), now)
  } catch (error) {
    return failed(kind, error)
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
  const cure = 'Run `netcert publish` now, and on a schedule: twice a day at least.'
  const left = end - now.getTime() / 1000
  if (!(left > 0)) {
    return problem(kind, 'published_expired', `${path} has ended; verifiers refuse now.`, cure)
  }
  const days = `${path} holds for ${Math.floor(left / DAY)} more days`
  if (left < warnBefore[kind]) return warning(kind, 'published_ends_soon', `${days} only.`, cure)
  return well(kind, days)
}
