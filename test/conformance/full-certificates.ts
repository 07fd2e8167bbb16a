import { certificateTypes, createCredential, type JsonObject } from '@netcert/credential'
import { type HeldCredential, inspectCredential } from '@netcert/credential/holder'
import { at, claimsOfAnAdult, DAY, holder, issuer } from '../trust-ground.js'

/** What each type knows: every claim its metadata lists. */
const everything: JsonObject = {
  ...claimsOfAnAdult,
  age_over_14: true,
  age_over_18: true,
  age_over_60: false,
  platform_number: { b: 'A'.repeat(44), e: 'B'.repeat(44) },
  presence_at: 1_795_257_000,
  portrait: 'data:image/jpeg;base64,AA==',
  rep: 'guardian',
}

/** One certificate of each type, as its holder sees it. */
export const fullCertificates: readonly HeldCredential[] = await Promise.all(
  [...certificateTypes.values()].map(async (type) => {
    const names = new Set(
      type.claims.flatMap((rule) => (rule.class === 'technical' ? [] : [rule.path[0]])),
    )
    const credential = await createCredential({
      type,
      signer: issuer.signer,
      holderJwk: holder.jwk,
      claims: Object.fromEntries(Object.entries(everything).filter(([name]) => names.has(name))),
      issuedAt: at(-DAY),
      expiresAt: at(DAY),
      status: null,
    })
    return inspectCredential(credential)
  }),
)
