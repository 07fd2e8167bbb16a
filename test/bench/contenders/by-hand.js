import { createPrivateKey, hash, randomFillSync, sign } from 'node:crypto'
import { CLAIMS, PATHS } from '../material.js'

/**
 * The floor with the texts it needs: the least JavaScript that turns the same claims into a
 * certificate, or a held certificate into a presentation. No check, no type, no option, nothing
 * asynchronous. It shows how near to the floor any implementation can come on this machine.
 */
export async function open(material) {
  const key = createPrivateKey({ key: material.issuer.privateJwk, format: 'jwk' })
  const shown = PATHS.map(([name]) => name)
  const held = material.holders.map(({ privateJwk }, index) => ({
    key: createPrivateKey({ key: privateJwk, format: 'jwk' }),
    ...pickShown(material.credential(index), shown),
  }))
  return {
    issue: (index) => issue(material, key, index),
    present(index) {
      const { jwt, disclosures, key: holderKey } = held[index % held.length]
      const bound = `${jwt}~${disclosures.join('~')}~`
      const payload = JSON.stringify({
        iat: Math.floor(Date.now() / 1000),
        aud: material.audience,
        nonce: material.nonce,
        sd_hash: hash('sha256', bound, 'base64url'),
      })
      return bound + signJwt(KEY_BINDING_HEADER, payload, holderKey)
    },
  }
}

const encode = (text) => Buffer.from(text).toString('base64url')
const ISSUER_HEADER = encode('{"alg":"ES256","typ":"dc+sd-jwt"}')
const KEY_BINDING_HEADER = encode('{"alg":"ES256","typ":"kb+jwt"}')
const random = Buffer.alloc(16 * 12 + 32 * 4)

function issue(material, key, index) {
  randomFillSync(random)
  const digests = []
  let disclosures = ''
  let at = 0
  for (const name in CLAIMS) {
    const salt = random.toString('base64url', at, at + 16)
    at += 16
    const disclosure = encode(`["${salt}","${name}",${JSON.stringify(CLAIMS[name])}]`)
    disclosures += `${disclosure}~`
    digests.push(hash('sha256', disclosure, 'base64url'))
  }
  for (; at < random.length; at += 32) digests.push(random.toString('base64url', at, at + 32))
  digests.sort()
  const { iss, vct, iat, exp } = material.visible
  const { x, y } = material.holders[index % material.holders.length].publicJwk
  const payload =
    `{"iss":"${iss}","vct":"${vct}","vct#integrity":"${material.visible['vct#integrity']}"` +
    `,"iat":${iat},"exp":${exp},"cnf":{"jwk":{"kty":"EC","crv":"P-256","x":"${x}","y":"${y}"}}` +
    `,"status":{"status_list":{"idx":${index % 1000},"uri":"${material.statusUri}"}}` +
    `,"_sd_alg":"sha-256","_sd":["${digests.join('","')}"]}`
  return `${signJwt(ISSUER_HEADER, payload, key)}~${disclosures}`
}

function signJwt(header, payload, key) {
  const input = `${header}.${encode(payload)}`
  const signature = sign('sha256', Buffer.from(input, 'latin1'), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

function pickShown(credential, shown) {
  const [jwt, ...disclosures] = credential.split('~').slice(0, -1)
  const isShown = (text) => shown.includes(JSON.parse(Buffer.from(text, 'base64url').toString())[1])
  return { jwt, disclosures: disclosures.filter(isShown) }
}
