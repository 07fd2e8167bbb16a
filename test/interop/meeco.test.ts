import { NETWORK_CERTIFICATE, type PublicJwk, resolveDidKey } from '@netcert/credential'
import { inspectCredential } from '@netcert/credential/holder'
import { beforeAll, describe, expect, it } from 'vitest'
import { adultClaims, createHolder, presentTo } from '../trust-domain.js'
import { createVerifierGround, over18, type VerifierGround } from '../verifier-ground.js'
import { arePeersInstalled, peersState } from './peer.js'

/** What `peers/meeco-vc.js` gives: `@meeco/sd-jwt-vc` 0.0.6, of an older draft of SD-JWT VC. */
type MeecoVc = {
  createHolder(): Promise<{
    readonly jwk: PublicJwk
    present(options: {
      readonly credential: string
      readonly audience: string
      readonly nonce: string
    }): Promise<string>
  }>
  issue(options: {
    readonly vct: string
    readonly claims: object
    readonly holderJwk: object
    readonly issuedAt: number
  }): Promise<string>
  verify(options: {
    readonly presentation: string
    readonly issuerJwk: object
    readonly audience: string
    readonly nonce: string
  }): Promise<Readonly<Record<string, unknown>>>
}

const audience = 'https://shop.example/verify'
const nonce = 'n-0S6_WzA2Mj-0123456789'

describe.skipIf(!arePeersInstalled)(`@meeco/sd-jwt-vc${peersState}`, () => {
  let meeco: MeecoVc
  let ground: VerifierGround
  beforeAll(async () => {
    meeco = (await import(new URL('peers/meeco-vc.js', import.meta.url).href)) as MeecoVc
    ground = await createVerifierGround()
  })

  it('as verifier: reads what our wallet presents', async () => {
    const holder = await createHolder()
    const credential = await ground.domain.mint({ jwk: holder.jwk })
    const presentation = await presentTo({ credential, holder, audience, nonce })
    const issuerJwk = resolveDidKey(ground.domain.issuerDid).jwk
    const claims = await meeco.verify({ presentation, issuerJwk, audience, nonce })
    expect(claims).toMatchObject({
      vct: NETWORK_CERTIFICATE,
      age_equal_or_over: { '18': true },
    })
    expect(claims).not.toHaveProperty('family_name')
  })

  // Its key binding has milliseconds as iat and no sd_hash (RFC 9901 §4.3).
  it('as wallet: what it presents is rightly refused', async () => {
    const holder = await meeco.createHolder()
    const credential = await ground.domain.mint({ jwk: holder.jwk })
    const verifier = ground.verifierWith({ audience })
    const session = await verifier.createSession({ query: over18 })
    const presentation = await holder.present({ credential, audience, nonce: session.nonce })
    const judged = verifier.verify({ session: session.id, presentation })
    await expect(judged).rejects.toMatchObject({ code: 'kb_claim_missing' })
  })

  // It issues `typ: vc+sd-jwt` with `type`, from before SD-JWT VC had `dc+sd-jwt` and `vct`.
  it('as issuer: what it issues is rightly refused', async () => {
    const { jwk: holderJwk } = await createHolder()
    const issuedAt = Math.floor(Date.now() / 1000)
    const options = { vct: NETWORK_CERTIFICATE, claims: adultClaims, holderJwk, issuedAt }
    const credential = await meeco.issue(options)
    const [header = ''] = credential.split('.')
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toMatchObject({
      typ: 'vc+sd-jwt',
    })
    const read = inspectCredential(credential)
    await expect(read).rejects.toMatchObject({ code: 'credential_malformed' })
  })
})
