import { type Request, type RequestHandler, type Response, Router } from 'express'
import { ipKeyGenerator } from 'express-rate-limit'
import { formText, limitForms, readForm, showPage } from '../as-login-forms-http.js'
import { type LoginLanguage, loginLanguage } from '../as-login-texts.js'
import { IssuerError } from '../issuer-error.js'
import { addressOf } from '../request-address.js'
import type { CodeAction, RevocationCodes } from './revocation-codes.js'
import { revocationDonePage, revocationPage } from './revocation-pages.js'

export type RevocationRouterOptions = {
  readonly codes: Pick<RevocationCodes, 'useRevocationCode'>
  /** Path of the issuer identifier; empty at the root. */
  readonly basePath: string
  /** In ten minutes. */
  readonly formsPerAddress: number
}

/** Where the page lies below the base URL. */
const REVOCATION_PATH = '/revoke'

/**
 * The page where a citizen pauses or revokes everything by the code on paper: a plain form without
 * scripts, without a login, and with one answer for every code.
 */
export function createRevocationRouter(options: RevocationRouterOptions): RequestHandler {
  const router = Router()
  const action = `${options.basePath}${REVOCATION_PATH}`
  const limited = limitForms({ formsPerAddress: options.formsPerAddress, languageOf })
  router.get(REVOCATION_PATH, (request, response) => {
    showPage(response, revocationPage({ language: languageOf(request), action, fault: null }))
  })
  router.post(REVOCATION_PATH, limited, readForm, (request, response) =>
    takeCode(options, { request, response, action }),
  )
  return router
}

type Visit = { readonly request: Request; readonly response: Response; readonly action: string }

async function takeCode(
  { codes }: RevocationRouterOptions,
  { request, response, action }: Visit,
): Promise<void> {
  const language = languageOf(request)
  const did: CodeAction = formText(request, 'action') === 'revoke' ? 'revoke' : 'suspend'
  const code = formText(request, 'code')
  try {
    // Whoever has a network to themselves has one address here.
    const address = ipKeyGenerator(addressOf(request))
    await codes.useRevocationCode({ code, action: did, address })
  } catch (error) {
    const refused = error instanceof IssuerError ? error.code : undefined
    if (refused === 'revocation_code_malformed') {
      const page = revocationPage({ language, action, fault: 'mistyped' })
      return showPage(response.status(400), page)
    }
    if (refused === 'revocation_code_busy') {
      response.set('retry-after', '3600')
      return showPage(response.status(429), revocationPage({ language, action, fault: 'busy' }))
    }
    // Whether there is such a code is told to nobody.
    if (refused !== 'revocation_code_wrong') throw error
  }
  showPage(response, revocationDonePage({ language, action, did }))
}

function languageOf(request: Request): LoginLanguage {
  const chosen = request.query['lang'] ?? formText(request, 'lang')
  return loginLanguage(chosen, request.headers['accept-language'])
}
