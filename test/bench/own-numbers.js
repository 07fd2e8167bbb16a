import {
  certificateType,
  createCredential,
  importSigner,
  NETWORK_CERTIFICATE,
  verifyPresentation,
} from '@netcert/credential'
import { createPresentation } from '@netcert/credential/holder'
import {
  blindPlatformId,
  createPlatform,
  evaluateBlinded,
} from '@netcert/credential/platform-number'
import { CLAIMS, PATHS } from './material.js'

const PLATFORM = 'p-4711'
const COPIES = 32
const secrets = { key: new Uint8Array(32).fill(7), salt: new Uint8Array(32).fill(1) }

/**
 * The same certificate with a platform number, issued and verified: what it takes beyond the ordinary
 * workloads is the price of the number.
 */
export async function openNumbers(material, { trust, demands }) {
  const signer = await importSigner(material.issuer.privateJwk)
  // H of the platform is computed here, once, as a verifier does it when it starts.
  const platform = createPlatform(PLATFORM)
  const blindings = Array.from({ length: COPIES }, () => blindPlatformId(PLATFORM))
  const issueNumbered = (index) => {
    const { b } = blindings[index % COPIES]
    return createCredential({
      type: certificateType(NETWORK_CERTIFICATE),
      signer,
      holderJwk: material.holders[index % COPIES].publicJwk,
      claims: { ...CLAIMS, platform_number: evaluateBlinded({ ...secrets, b }) },
      issuedAt: new Date(),
      expiresAt: new Date(Date.now() + 30 * 86_400_000),
      status: { uri: material.statusUri, index: index % 1000 },
    })
  }
  const presentations = []
  for (const [index, { r }] of blindings.entries()) {
    presentations.push(
      await createPresentation({
        credential: await issueNumbered(index),
        paths: [...PATHS, ['platform_number']],
        signer: await importSigner(material.holders[index].privateJwk),
        audience: material.audience,
        nonce: material.nonce,
        issuedAt: new Date(),
        keyBindingClaims: { platform_number_r: r },
      }),
    )
  }
  const asked = () => ({
    ...demands(material.nonce),
    claimSets: [[...PATHS, ['platform_number']].map((path) => ({ path }))],
    platform,
  })
  return {
    issueNumbered,
    verifyNumbered: (index) => verifyPresentation(trust, presentations[index % COPIES], asked()),
  }
}
