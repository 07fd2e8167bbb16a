import { epochSeconds } from '@netcert/credential'
import type { ExaminationParts, Problem } from './examination.js'
import { type IssuerKey, ROTATED_USES, type RotatedUse } from './issuer-keys.js'
import { KEY_LEAD_SECONDS, KEY_PLANS } from './lists/key-plan.js'
import { KEY_ALIASES } from './trust-list-content.js'

type KeyParts = Pick<ExaminationParts, 'keyStore' | 'keys'>

const WARN_KEY_SECONDS = 60 * 86_400

/** Whether the keys are there, which of them end, and whether it is time for the next ones. */
export async function examineKeys(parts: KeyParts, now: number): Promise<readonly Problem[]> {
  const missing: Problem[] = []
  for (const alias of Object.values(KEY_ALIASES)) {
    if ((await parts.keyStore.get(alias)) !== undefined) continue
    const what = `The key ${alias} is missing.`
    missing.push({ code: 'key_missing', what, cure: 'Restore the database from its backup.' })
  }
  // Without them nothing more can be said of any key.
  if (missing.length > 0) return missing
  const keys = await parts.keys.all()
  return ROTATED_USES.flatMap((use) => examineUse(use, keys, now))
}

function examineUse(use: RotatedUse, all: readonly IssuerKey[], now: number): Problem[] {
  const keys = all.filter((key) => key.use === use)
  const active = keys.find(({ state }) => state === 'active')
  const next = keys.find(({ state }) => state === 'next')
  if (active === undefined) {
    const what = `No ${use} key is active: nothing is signed with one.`
    const cure = `Run netcert keys next and activate --use ${use} --emergency, then publish.`
    return [{ code: 'signing_key_none', what, cure }]
  }
  const change = `Run netcert keys activate --use ${use}, and make the next one.`
  const left = epochSeconds(active.notAfter) - now
  const ending = endOf(`The active ${use} key`, left, `Run netcert keys next --use ${use}.`)
  const { rotationSeconds } = KEY_PLANS[use]
  const age = now - epochSeconds(active.activatedAt ?? active.notBefore)
  const days = Math.floor(age / 86_400)
  if (next === undefined && age > rotationSeconds - KEY_LEAD_SECONDS) {
    const what = `The ${use} key has signed for ${days} days, and there is no next one.`
    const cure = `Run netcert keys next --use ${use}, then netcert publish with the root key.`
    return [...ending, { code: 'key_next_due', what, cure }]
  }
  if (age <= rotationSeconds) return ending
  const what = `The ${use} key has signed for ${days} days, which is longer than planned.`
  return [...ending, { code: 'key_rotation_due', what, cure: change }]
}

function endOf(name: string, left: number, cure: string): Problem[] {
  if (left <= 0) return [{ code: 'key_expired', what: `${name} is past its window.`, cure }]
  if (left >= WARN_KEY_SECONDS) return []
  const what = `${name} counts for ${Math.floor(left / 86_400)} more days.`
  return [{ code: 'key_expires_soon', what, cure }]
}
