import { webcrypto } from 'node:crypto'

/** What every contender works on: the same claims, keys, credentials, presentations, lists. */
export const AUDIENCE = 'https://tickets.example'
export const NONCE = 'dGhlIG5vbmNlIG9mIHRoaXMgcnVu'

/** Twelve claims, each a disclosure of its own. */
export const CLAIMS = {
  network_number: '7QK2M9X4BT0VZ3C8H5RE41',
  real_person: 'document+face',
  age_band: '18+',
  document_type: 'id-card',
  nationality: 'CHN',
  residence_region: '990100',
  phone_verified: true,
  presence_at: '2026-03-01T08:30+08:00',
  family_name: '测试',
  given_name: '样例',
  birthdate: '1990-02-28',
  sex: 'f',
}

/** The three claims that are shown, as paths and in the other libraries' notation. */
export const PATHS = [['real_person'], ['age_band'], ['residence_region']]
const SHOWN = PATHS.map(([name]) => name)
const PRESENTATION_FRAME = Object.fromEntries(SHOWN.map((name) => [name, true]))
const FRAME = { _sd: Object.keys(CLAIMS) }

/** An extractable P-256 key pair; made asynchronously, since the synchronous form can hang. */
export async function createKeyPair() {
  const usages = ['sign', 'verify']
  const pair = await webcrypto.subtle.generateKey(
    { name: 'ECDSA', namedCurve: 'P-256' },
    true,
    usages,
  )
  const { kty, crv, x, y, d } = await webcrypto.subtle.exportKey('jwk', pair.privateKey)
  return { publicJwk: { kty, crv, x, y }, privateJwk: { kty, crv, x, y, d } }
}

/** Gives the stored material the small functions that the contenders call. */
export function readMaterial(stored) {
  const at = (list, index) => list[index % list.length]
  const status = (index) => ({ status_list: { uri: stored.statusUri, idx: index % 1000 } })
  return {
    ...stored,
    frame: FRAME,
    presentationFrame: PRESENTATION_FRAME,
    disclosedKeys: SHOWN,
    requiredClaims: SHOWN,
    credential: (index) => at(stored.credentials, index),
    presentation: (index) => at(stored.presentations, index),
    claims: () => structuredClone(CLAIMS),
    status,
    payload: (index) => ({
      ...stored.visible,
      cnf: { jwk: at(stored.holders, index).publicJwk },
      status: status(index),
      ...structuredClone(CLAIMS),
    }),
  }
}
