import { openIssuerGround } from '../../packages/issuer/src/open.js'
import { openedOffers } from '../../packages/issuer/src/opened-offers.js'
import { type ServedIssuer, serveTestIssuer } from '../issuer-server-ground.js'
import { createBrowser } from '../oauth-wallet.js'

/** Our issuer behind its real servers, and offers as `netcert offer create` makes them. */
export type OfferingIssuer = {
  readonly served: ServedIssuer
  /** did:key of the key it signs certificates with. */
  readonly did: string
  offer(options?: {
    readonly grant?: 'pre-authorized' | 'authorization-code'
    readonly type?: string
    readonly txCode?: boolean
    readonly by?: 'value' | 'reference'
  }): Promise<{ readonly offer: string; readonly txCode: string | null }>
  /** Logs the first person in and agrees, as a browser would; gives where it is sent back to. */
  logIn(authorizationUrl: string): Promise<string>
  close(): Promise<void>
}

export async function startOfferingIssuer(
  options: Parameters<typeof serveTestIssuer>[0] = {},
): Promise<OfferingIssuer> {
  const served = await serveTestIssuer(options)
  const { ground, issuer, close } = await openIssuerGround({
    dir: served.dir,
    clock: () => new Date(),
  })
  const offers = openedOffers({ ground, issuer })
  const { did } = await ground.certificates.describe()
  return {
    ...{ served, did: did ?? '' },
    async offer({ grant = 'pre-authorized', type = 'network-certificate', txCode, by } = {}) {
      const created = await offers.createOffer({
        citizen: served.people[0]!.reference,
        types: [type],
        grant,
        txCode: txCode === true ? 'generate' : null,
        ...(by === undefined ? {} : { by }),
      })
      return { offer: created.offerUri, txCode: created.txCode }
    },
    logIn: (url) => logIn(served, url),
    async close() {
      await close()
      await served.close()
    },
  }
}

async function logIn(served: ServedIssuer, authorizationUrl: string): Promise<string> {
  const browser = createBrowser()
  const { documentNumber, name } = served.people[0]!
  const next = async (url: string) => (await browser.get(url)).headers.get('location') ?? ''
  const login = await next(authorizationUrl)
  await browser.submit(`${login}/person`, { document_number: documentNumber, name })
  const code = served.codes.at(-1)!.code
  const entered = await browser.submit(`${login}/code`, { code })
  const consent = await next(entered.headers.get('location') ?? '')
  const agreed = await browser.submit(`${consent}/consent`, { decision: 'agree' })
  return next(agreed.headers.get('location') ?? '')
}
