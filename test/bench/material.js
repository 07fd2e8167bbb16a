import { webcrypto } from 'node:crypto'

/** What every contender works on: the same claims, keys, credentials, presentations, lists. */
export const AUDIENCE = 'https://tickets.example'
export const NONCE = 'dGhlIG5vbmNlIG9mIHRoaXMgcnVu'

/** Twelve disclosures: seven claims, one of them an object with five members of its own. */
export const CLAIMS = {
  network_number: '7QK2M9X4BT0VZ3C8H5RE41',
  real_person: 'document+face',
  age_equal_or_over: { 14: true, 16: true, 18: true, 60: false, 65: false },
  age_band: '18+',
  document_type: 'id-card',
  nationality: 'CHN',
  residence_region: '990100',
}

/** What is shown: three disclosures, since the member comes with the object it stands in. */
export const PATHS = [['real_person'], ['age_equal_or_over', '18']]
const PRESENTATION_FRAME = { real_person: true, age_equal_or_over: { 18: true } }
const FRAME = {
  _sd: Object.keys(CLAIMS),
  age_equal_or_over: { _sd: Object.keys(CLAIMS.age_equal_or_over) },
}

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
    disclosedKeys: ['real_person', 'age_equal_or_over', '18'],
    requiredClaims: ['real_person', 'age_equal_or_over.18'],
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
