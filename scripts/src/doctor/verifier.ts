import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ageOf, packWarnings } from '../pack-age.js'
import { verifierFolder } from '../verifier-folder.js'
import { type Finding, failed, problem, warning, well } from './finding.js'

const RENEW =
  'It is renewed from the public register by `netcert serve verifier`; else have the registrar make ' +
  'a new one and run `netcert verifier accredit FILE`.'

/** Whether a verifier lies in a folder, or beside the issuer in it. */
export async function hasVerifier(dir: string): Promise<boolean> {
  const file = join(await verifierFolder(dir), 'verifier.json')
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
}

const BRING = 'Bring the newest one: netcert pack import FILE|URL.'

/** How old its offline packs are, and whether anything is at hand at all. */
export async function checkPacks(dir: string, now: Date): Promise<Finding[]> {
  try {
    const { readTrustStanding } = await import('@netcert/verifier/server')
    const { trust, pack, failures } = await readTrustStanding({
      dir: await verifierFolder(dir),
      now,
    })
    const damaged = failures.filter((code) => /^packs?_/.test(code))
    const left = damaged.map((code) =>
      problem('Pack', code, 'What the folder of packs holds does not count.', BRING),
    )
    if (pack === null) {
      // Lists that are brought at the first start are no problem before it.
      return trust === null && left.length === 0 ? [] : left
    }
    const { seq, ageSeconds, coverage, warnings } = pack
    const what = `pack ${seq}, ${ageOf(ageSeconds)} old, ${coverage.lists} status lists`
    const [first] = warnings
    if (first === undefined) return [...left, well('Pack', what)]
    const found = `${what}: ${packWarnings[first]}.`
    const told = first === 'half_life' ? warning : problem
    return [...left, told('Pack', `pack_${first}`, found, BRING)]
  } catch (error) {
    return [failed('Pack', error)]
  }
}

/** How a verifier's accreditations stand. Without any it asks facts alone, which is no problem. */
export async function checkVerifier(dir: string, clock: () => Date): Promise<Finding[]> {
  try {
    const { readVerifierStanding } = await import('@netcert/verifier/server')
    const standing = await readVerifierStanding({ dir: await verifierFolder(dir), clock })
    const refused = standing.refused.map((code) =>
      warning('Verifier', code, 'An installed accreditation does not count any more.', RENEW),
    )
    const found = standing.accreditations.map(({ purposeId, expiresAt, endsSoon }) => {
      const until = `accredited for "${purposeId}" until ${expiresAt.toISOString().slice(0, 10)}`
      return endsSoon
        ? warning('Verifier', 'accreditation_ends_soon', `${until} only.`, RENEW)
        : well('Verifier', until)
    })
    if (standing.platformId === null) return [well('Verifier', 'asks facts alone: not accredited')]
    if (found.length === 0) return [...refused, nothingHolds()]
    return [...refused, ...found]
  } catch (error) {
    return [failed('Verifier', error)]
  }
}

function nothingHolds(): Finding {
  const what = 'No accreditation holds, so no number and no identity can be asked for.'
  return problem('Verifier', 'accreditation_missing', what, RENEW)
}
