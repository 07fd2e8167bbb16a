import { createPrivateKey, createPublicKey, hash, randomFillSync, sign, verify } from 'node:crypto'

/**
 * What the work costs if nothing but cryptography happened: node:crypto called directly, inputs cut
 * and decoded beforehand, signatures already DER (the encoding OpenSSL takes without conversion).
 */
export async function open(material) {
  const issuerKey = createPublicKey({ key: material.issuer.publicJwk, format: 'jwk' })
  const issuerPrivate = createPrivateKey({ key: material.issuer.privateJwk, format: 'jwk' })
  const holderPrivate = material.holders.map(({ privateJwk }) =>
    createPrivateKey({ key: privateJwk, format: 'jwk' }),
  )
  const presentations = material.presentations.map((text, index) =>
    cut(text, material.holders[index].publicJwk),
  )
  const salts = Buffer.alloc(16 * 12)
  const issued = presentations[0].issuerInput

  const issue = () => {
    randomFillSync(salts)
    for (const disclosure of material.disclosures) hash('sha256', disclosure, 'base64url')
    return sign('sha256', issued, issuerPrivate)
  }
  return {
    verify(index) {
      const one = presentations[index % presentations.length]
      const holderKey = createPublicKey({ key: one.holderJwk, format: 'jwk' })
      hash('sha256', one.hashed, 'base64url')
      for (const disclosure of one.disclosures) hash('sha256', disclosure, 'base64url')
      const ok =
        verify('sha256', one.issuerInput, issuerKey, one.issuerSignature) &&
        verify('sha256', one.holderInput, holderKey, one.holderSignature)
      if (!ok) throw new Error('the floor refused a good presentation')
    },
    issue,
    issueTen() {
      for (let copy = 0; copy < 10; copy += 1) issue()
    },
    present(index) {
      const one = presentations[index % presentations.length]
      hash('sha256', one.hashed, 'base64url')
      return sign('sha256', one.holderInput, holderPrivate[index % holderPrivate.length])
    },
  }
}

/** Cuts a presentation into the byte strings that are hashed and verified. */
function cut(text, holderJwk) {
  const end = text.lastIndexOf('~') + 1
  const [jwt, ...disclosures] = text.slice(0, end - 1).split('~')
  const issuer = cutJwt(jwt)
  const holder = cutJwt(text.slice(end))
  return {
    holderJwk,
    disclosures,
    hashed: text.slice(0, end),
    issuerInput: issuer.input,
    issuerSignature: issuer.signature,
    holderInput: holder.input,
    holderSignature: holder.signature,
  }
}

function cutJwt(jwt) {
  const dot = jwt.lastIndexOf('.')
  const raw = Buffer.from(jwt.slice(dot + 1), 'base64url')
  return { input: Buffer.from(jwt.slice(0, dot)), signature: derSignature(raw) }
}

/** r and s of 32 bytes each to an ASN.1 SEQUENCE of two INTEGERs. */
function derSignature(raw) {
  const body = Buffer.concat([derInteger(raw.subarray(0, 32)), derInteger(raw.subarray(32))])
  return Buffer.concat([Buffer.from([0x30, body.length]), body])
}

function derInteger(bytes) {
  let start = 0
  while (start < 31 && bytes[start] === 0) start += 1
  const digits = bytes.subarray(start)
  const padded = digits[0] >= 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits
  return Buffer.concat([Buffer.from([0x02, padded.length]), padded])
}
