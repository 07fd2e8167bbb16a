import { type Request, type Response, Router } from 'express'
import type { CitizenRegister } from './authentic-source.js'
import type { Interaction, Interactions } from './as-interactions.js'
import type { LoginCodes } from './as-login-code.js'
import {
  checkCode,
  formText,
  type LoginForm,
  limitForms,
  readForm,
  sendCode,
  showPage,
} from './as-login-forms-http.js'
import {
  codePage,
  type ConsentObstacle,
  consentPage,
  endedPage,
  loginPage,
} from './as-login-pages.js'
import { type LoginLanguage, loginLanguage } from './as-login-texts.js'
import type { OfferBook } from './as-offers.js'
import type { WardGrants } from './minors/ward-grants.js'
import { isWardConfiguration } from './vci-configurations.js'

export type LoginRouterOptions = {
  readonly interactions: Interactions
  readonly codes: LoginCodes
  readonly register: Pick<CitizenRegister, 'identify'>
  readonly offers: Pick<OfferBook, 'findByIssuerState'>
  readonly wards: Pick<WardGrants, 'eligible'>
  /** What a person calls a configuration. */
  readonly certificateName: (configurationId: string, language: LoginLanguage) => string
  /** Path of the issuer identifier; empty at the root. */
  readonly basePath: string
  /** In ten minutes. */
  readonly formsPerAddress: number
}

/**
 * Login and consent: plain forms without scripts. What a person types is in the body of a POST and
 * nowhere else: not in an address, not in a log, not in a page.
 */
export function createLoginRouter(options: LoginRouterOptions): Router {
  const router = Router()
  const { formsPerAddress } = options
  const limited = limitForms({ formsPerAddress, languageOf })
  router.get('/login/:uid', step(options, showInteraction))
  router.post('/login/:uid/person', limited, readForm, step(options, takePerson))
  router.post('/login/:uid/code', limited, readForm, step(options, takeCode))
  router.post('/login/:uid/consent', readForm, step(options, takeConsent))
  return router
}

type Step = LoginForm & {
  readonly options: LoginRouterOptions
  readonly interaction: Interaction
}

function step(options: LoginRouterOptions, run: (step: Step) => Promise<void>) {
  return async (request: Request, response: Response): Promise<void> => {
    const language = languageOf(request)
    if (chosenLanguage(request) !== '') keepLanguage(response, options.basePath, language)
    const interaction = await options.interactions.interaction({ request, response })
    // The cookie says which interaction it is; an address of another one leads nowhere.
    if (interaction === undefined || interaction.uid !== request.params['uid']) {
      return showPage(response.status(400), endedPage(language))
    }
    const action = `${options.basePath}/login/${interaction.uid}`
    await run({ options, interaction, request, response, language, action })
  }
}

async function showInteraction(step: Step): Promise<void> {
  const { options, interaction, request, response, language, action } = step
  if (interaction.asks === 'consent') return showConsent(step)
  const waiting = await options.codes.isWaiting(interaction.uid)
  if (waiting && request.query['again'] === undefined) {
    return showPage(response, codePage({ language, action, fault: null }))
  }
  return showPage(response, loginPage({ language, action }))
}

async function takePerson(step: Step): Promise<void> {
  const { interaction } = step
  if (interaction.asks !== 'login') return showConsent(step)
  await sendCode(step, interaction.uid)
}

async function takeCode(step: Step): Promise<void> {
  const { options, interaction, request, response } = step
  if (interaction.asks !== 'login') return showConsent(step)
  const citizen = await checkCode(step, interaction.uid)
  if (citizen !== null) await options.interactions.loggedIn({ request, response }, citizen)
}

type Bound = {
  readonly offer: string | null
  readonly ward: string | null
  /** Why there is nothing to agree to; `null` where there is. */
  readonly obstacle: ConsentObstacle | null
}

/** The offer an `issuer_state` leads to. Forged or over, it is as if there was none. */
async function boundOffer(step: Step): Promise<Bound> {
  const { options, interaction } = step
  const { issuerState, citizen } = interaction
  const none = { offer: null, ward: null }
  const found =
    issuerState === null ? undefined : await options.offers.findByIssuerState(issuerState)
  if (found !== undefined && found.citizen !== null && found.citizen !== citizen) {
    return { ...none, obstacle: 'notYours' }
  }
  const covers = asked(step).every((id) => found?.configurationIds.includes(id) === true)
  const { offer, ward } = found !== undefined && covers ? found : none
  return { offer, ward, obstacle: (await lacksWards(step, ward)) ? 'noWards' : null }
}

/** Whether certificates about wards are asked for, and nothing else, by nobody's guardian. */
async function lacksWards(step: Step, ward: string | null): Promise<boolean> {
  const { options, interaction } = step
  const { citizen: guardian } = interaction
  const configurationIds = asked(step)
  if (guardian === null || configurationIds.length === 0) return false
  if (!configurationIds.every(isWardConfiguration)) return false
  return (await options.wards.eligible({ guardian, ward, configurationIds })).length === 0
}

function asked({ interaction }: Step): readonly string[] {
  return [...new Set([...interaction.scopes, ...interaction.details])]
}

async function showConsent(step: Step): Promise<void> {
  const { options, interaction, response, language, action } = step
  const { obstacle } = await boundOffer(step)
  const certificates = asked(step).map((id) => options.certificateName(id, language))
  const { walletName, clientId, redirectUri } = interaction
  showPage(
    response,
    consentPage({ language, action, walletName, clientId, redirectUri, certificates, obstacle }),
  )
}

async function takeConsent(step: Step): Promise<void> {
  const { options, interaction, request, response } = step
  if (interaction.asks !== 'consent') return showInteraction(step)
  const exchange = { request, response }
  const { offer, ward, obstacle } = await boundOffer(step)
  if (formText(request, 'decision') !== 'agree' || obstacle !== null) {
    return options.interactions.refused(exchange)
  }
  await options.interactions.consented(exchange, { interaction, offer, ward })
}

function languageOf(request: Request): LoginLanguage {
  const chosen = chosenLanguage(request)
  const kept = LANGUAGE_COOKIE.exec(request.headers.cookie ?? '')?.[1]
  return loginLanguage(chosen === '' ? kept : chosen, request.headers['accept-language'])
}

function chosenLanguage(request: Request): unknown {
  return request.query['lang'] ?? formText(request, 'lang')
}

const LANGUAGE_COOKIE = /(?:^|; )netcert_language=(zh-CN|en)(?:;|$)/

/** The consent page comes after redirects, and is to be in the language of the login. */
function keepLanguage(response: Response, basePath: string, language: LoginLanguage): void {
  const rules = `Path=${basePath}/login; Max-Age=3600; HttpOnly; SameSite=Lax`
  response.appendHeader('set-cookie', `netcert_language=${language}; ${rules}`)
}
