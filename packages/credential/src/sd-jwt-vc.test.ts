import { describe, expect, it } from 'vitest'
import {
  AUDIENCE,
  at,
  codeOf,
  HOUR,
  issuer,
  mint,
  NONCE,
  NOW,
  present,
  STATUS_URI,
  signStatusList,
  statusKey,
  stranger,
} from '../../../test/trust-ground.js'
import {
  certificateType,
  credentialLimits,
  importDidKeyIssuers,
  NETWORK_CERTIFICATE,
  type SdJwtVcPolicy,
  type StatusSource,
  statusTokenLimits,
  verifySdJwtVc,
} from './index.js'

const now = NOW.getTime() / 1000
const issuers = await importDidKeyIssuers([issuer.signer.did])
const [statusSigner] = (await importDidKeyIssuers([statusKey.signer.did])).values()
const list = await signStatusList({ statuses: [[6, 1]] })
const credential = await mint()
const type = certificateType(NETWORK_CERTIFICATE)

/** A policy under which the certificate is good, and a count of the look-ups it caused. */
function policyWith(changes: Partial<SdJwtVcPolicy> = {}, known: Record<string, string> = {}) {
  const asked: string[] = []
  const tokens: Record<string, string> = { [STATUS_URI]: list, ...known }
  const source: StatusSource = async (uri) => {
    asked.push(uri)
    return tokens[uri] ?? null
  }
  const policy: SdJwtVcPolicy = {
    now,
    clockSkewSeconds: 0,
    algorithms: ['ES256'],
    hashAlgorithms: ['sha-256'],
    typ: 'dc+sd-jwt',
    issuers,
    requiredClaims: ['iss', 'exp', 'vct'],
    rejectFutureIat: true,
    audience: null,
    keyBinding: {
      mode: 'required',
      audience: AUDIENCE,
      nonce: NONCE,
      maxAgeSeconds: 300,
      maxFutureSeconds: 30,
    },
    allowDidKeyConfirmation: false,
    limits: credentialLimits,
    types: [NETWORK_CERTIFICATE],
    typeMetadata: {
      role: 'verifier',
      documents: new Map([[NETWORK_CERTIFICATE, type.documentText]]),
      maxDepth: 8,
    },
    status: async () => ({
      source,
      signers: statusSigner === undefined ? [] : [statusSigner],
      algorithms: ['ES256'],
      window: { now, clockSkewSeconds: 0, maxFutureSeconds: 60, maxAgeSeconds: null },
      limits: statusTokenLimits,
      accepted: [0],
    }),
    ...changes,
  }
  return { policy, asked }
}

async function codeUnder(changes: Partial<SdJwtVcPolicy>, minted = credential) {
  const { policy, asked } = policyWith(changes)
  const code = await verifySdJwtVc(await present(minted), policy).then(() => 'accepted', codeOf)
  return `${code}, ${asked.length} asked`
}

describe('the receiver of the standard', () => {
  it('verifies a network certificate with one look-up of its status', async () => {
    const { policy, asked } = policyWith()
    const { payload } = await verifySdJwtVc(await present(credential), policy)
    expect(payload).toMatchObject({ vct: NETWORK_CERTIFICATE, age_equal_or_over: { '18': true } })
    expect(asked).toEqual([STATUS_URI])
  })

  it('looks nothing up for a certificate without status', async () => {
    expect(await codeUnder({}, await mint({ status: null }))).toBe('accepted, 0 asked')
  })

  it.each([
    ['an issuer that is not trusted', { issuers: new Map() }, 'issuer_untrusted'],
    ['another type', { types: ['urn:netcert:gate-pass:1'] }, 'vct_mismatch'],
    ['no type at all', { types: [] }, 'vct_mismatch'],
    ['a typ of the past', { typ: 'vc+sd-jwt' }, 'typ_mismatch'],
    ['an algorithm that is not allowed', { algorithms: ['EdDSA'] }, 'alg_not_allowed'],
    ['a missing claim', { requiredClaims: ['sub'] }, 'required_claim_missing'],
    ['a clock after its end', { now: at(30 * 24 * HOUR).getTime() / 1000 }, 'kb_iat'],
  ] as const)('refuses %s before it asks for a status', async (_, changes, code) => {
    expect(await codeUnder(changes)).toBe(`${code}, 0 asked`)
  })

  it('refuses the key of somebody else under the issuer’s name', async () => {
    const [other] = (await importDidKeyIssuers([stranger.signer.did])).values()
    const swapped = new Map(other && [[issuer.signer.did, other]])
    expect(await codeUnder({ issuers: swapped })).toBe('bad_signature, 0 asked')
    const pinned = new Map(other && [[issuer.signer.did, { ...other, keyId: null }]])
    expect(await codeUnder({ issuers: pinned })).toBe('bad_signature, 0 asked')
  })

  it('refuses type metadata that is missing or changed, before it asks for a status', async () => {
    const metadata = (documents: ReadonlyMap<string, string>) => ({
      typeMetadata: { role: 'verifier', documents, maxDepth: 8 } as const,
    })
    expect(await codeUnder(metadata(new Map()))).toBe('type_metadata_unavailable, 0 asked')
    const changed = new Map([[NETWORK_CERTIFICATE, `${type.documentText} `]])
    expect(await codeUnder(metadata(changed))).toBe('integrity_mismatch, 0 asked')
    expect(await codeUnder({ typeMetadata: null })).toBe('accepted, 1 asked')
  })

  it('refuses a revoked one and one whose list cannot be had, having asked once', async () => {
    const at6 = await mint({ status: { uri: STATUS_URI, index: 6 } })
    expect(await codeUnder({}, at6)).toBe('status_invalid, 1 asked')
    const elsewhere = await mint({ status: { uri: `${STATUS_URI}9`, index: 6 } })
    expect(await codeUnder({}, elsewhere)).toBe('status_unavailable, 1 asked')
  })
})
