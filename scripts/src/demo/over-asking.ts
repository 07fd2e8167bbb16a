import { randomBytes } from 'node:crypto'
import { createRequestObject, createRequestUrl, decisionText, parseQuery } from '@netcert/protocol'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { openRegistrar } from '@netcert/issuer/registrar'
import type { Invocation } from '../invocation.js'
import type { Accredited, Wire } from './accrediting.js'
import { issuerFolder, type Person, type Place } from './issuing.js'
import { refusalOf, type Story } from './story.js'
import { atWallet } from './visiting.js'

const birthDate = {
  credentials: [
    {
      id: 'certificate',
      format: 'dc+sd-jwt',
      meta: { vct_values: [NETWORK_CERTIFICATE] },
      claims: [{ path: ['birthdate'] }],
    },
  ],
}

/** What a step of this file looks at. */
export type OverAskingOptions = {
  readonly wire: Wire
  readonly person: Person
  readonly invocation: Invocation
}

/** Step: a platform asks for a birth date; its own verifier refuses, and so does the wallet. */
export function askTooMuch(story: Story, place: Place, options: OverAskingOptions): Promise<void> {
  return story.step('A platform asks for more than it may', async (tell) => {
    const { wire, person, invocation } = options
    const [forum] = wire.platforms
    const asked = {
      query: parseQuery(birthDate),
      clientId: 'did',
      mode: 'direct_post.jwt',
    } as const
    const own = await refusalOf('over_asking', () => forum.opened.engine.createRequest(asked))
    tell.refused('its verifier does not send it', own)
    // Whoever leaves the library out still has to get past the wallet.
    const request = await signedByHand(place, forum)
    await atWallet(place, person.walletDir, async (wallet) => {
      const { withheld } = await wallet.previewRequest(request)
      const wallets = await refusalOf('claim_uncovered', () =>
        wallet.answerRequest({ request, consent: () => 'ignore' }),
      )
      tell.refused('signed by hand, the wallet does not answer', wallets)
      const { language } = invocation
      tell.say(decisionText('claim_uncovered', language))
      const [first] = withheld
      tell.fact('asked', first?.claim?.label[language] ?? '')
      tell.fact('may serve', first?.offer?.label[language] ?? '', '  which it may ask for')
      await wallet.reportRequest('LAST')
    })
    const reports = await reportsOf(place)
    tell.fact('reported', `${reports} report at the registrar, with the platform's own signature`)
  })
}

/** The request as the platform would sign it without our verifier, under its true accreditation. */
async function signedByHand(place: Place, { opened, token }: Accredited): Promise<string> {
  const { signer } = opened.identity
  const clientId = `decentralized_identifier:${signer.did}`
  const now = place.clock()
  const requestObject = await createRequestObject({
    request: {
      client_id: clientId,
      response_type: 'vp_token',
      response_mode: 'direct_post',
      response_uri: `${opened.baseUrl}/response`,
      nonce: randomBytes(16).toString('base64url'),
      state: randomBytes(16).toString('base64url'),
      dcql_query: birthDate,
      client_metadata: {
        vp_formats_supported: {
          'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] },
        },
      },
      verifier_info: [{ format: 'registration_cert', data: token }],
    },
    signer,
    proof: { kind: 'did' },
    issuedAt: now,
    expiresAt: new Date(now.getTime() + 300_000),
  })
  return createRequestUrl({ clientId, requestObject })
}

async function reportsOf(place: Place): Promise<number> {
  const { registrar, close } = await openRegistrar({
    dir: issuerFolder(place),
    clock: place.clock,
  })
  try {
    return (await registrar.reports({ limit: 10 })).length
  } finally {
    await close()
  }
}
