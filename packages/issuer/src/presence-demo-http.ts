import { randomBytes } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import { epochSeconds } from '@netcert/credential'
import { type Request, type RequestHandler, Router } from 'express'
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
import { endedPage, loginPage } from './as-login-pages.js'
import { type LoginLanguage, loginLanguage } from './as-login-texts.js'
import type { CitizenRegister } from './authentic-source.js'
import type { PresenceRecorder } from './presence.js'
import { presenceDonePage, presencePage, presenceTitle } from './presence-demo-pages.js'

export type DemoPresenceOptions = {
  readonly codes: LoginCodes
  readonly register: Pick<CitizenRegister, 'identify'>
  readonly vault: Vault
  /** Path of the issuer identifier; empty at the root. */
  readonly basePath: string
  readonly formsPerAddress: number
  readonly clock: () => Date
}

/** Where the page lies below the base URL. */
export const PRESENCE_PATH = '/presence'

/** From the code to the button. */
const TICKET_SECONDS = 300
const NAME = /^[\w-]{32}$/

/**
 * The demo of a presence check: log in, press a button. The page says that it is a demonstration
 * and that nothing is checked. It is asked nothing of a platform, and there is no field for one.
 */
export function createDemoPresenceRouter(
  options: DemoPresenceOptions,
  record: PresenceRecorder,
): RequestHandler {
  const router = Router()
  const { formsPerAddress } = options
  const limited = limitForms({ formsPerAddress, languageOf })
  router.get(PRESENCE_PATH, (request, response) => {
    const name = randomBytes(24).toString('base64url')
    const language = languageOf(request)
    showPage(
      response,
      loginPage({ language, action: actionOf(options, name), title: presenceTitle(language) }),
    )
  })
  router.get(`${PRESENCE_PATH}/:name`, (_request, response) => {
    response.redirect(303, `${options.basePath}${PRESENCE_PATH}`)
  })
  const steps = {
    person: (visit: Visit) => sendCode(visit, interactionOf(visit.name)),
    code: takeCode,
    present: (visit: Visit) => takePresence(visit, record),
  }
  for (const [name, run] of Object.entries(steps)) {
    router.post(`${PRESENCE_PATH}/:name/${name}`, limited, readForm, step(options, run))
  }
  return router
}

type Visit = LoginForm & {
  readonly options: DemoPresenceOptions
  /** Names this visit: what a code is sent for. */
  readonly name: string
}

function step(options: DemoPresenceOptions, run: (visit: Visit) => Promise<void>): RequestHandler {
  return async (request, response) => {
    const language = languageOf(request)
    const name = String(request.params['name'])
    if (!NAME.test(name)) return showPage(response.status(400), endedPage(language))
    await run({ options, name, request, response, language, action: actionOf(options, name) })
  }
}

async function takeCode(visit: Visit): Promise<void> {
  const { options, name, response, language, action } = visit
  const citizen = await checkCode(visit, interactionOf(name))
  if (citizen === null) return
  const until = epochSeconds(options.clock()) + TICKET_SECONDS
  const ticket = JSON.stringify({ citizen, until })
  const sealed = options.vault.seal(Buffer.from(ticket), contextOf(name))
  showPage(response, presencePage({ language, action, ticket: sealed }))
}

async function takePresence(visit: Visit, record: PresenceRecorder): Promise<void> {
  const { response, language } = visit
  const citizen = citizenOf(visit)
  if (citizen === undefined) return showPage(response.status(400), endedPage(language))
  const { until } = await record({ citizen, face: true })
  showPage(response, presenceDonePage({ language, until }))
}

/** Who has logged in on this visit a moment ago. */
function citizenOf({ options, name, request }: Visit): string | undefined {
  try {
    const opened = options.vault.unseal(formText(request, 'ticket'), contextOf(name))
    // Authenticated by the seal: only this file has written it.
    const { citizen, until } = JSON.parse(Buffer.from(opened).toString()) as {
      readonly citizen: string
      readonly until: number
    }
    return until * 1000 > options.clock().getTime() ? citizen : undefined
  } catch {
    return undefined
  }
}

function interactionOf(name: string): string {
  return `presence|${name}`
}

function contextOf(name: string): string {
  return `issuer/presence-demo/${name}`
}

function actionOf({ basePath }: DemoPresenceOptions, name: string): string {
  return `${basePath}${PRESENCE_PATH}/${name}`
}

function languageOf(request: Request): LoginLanguage {
  const chosen = request.query['lang'] ?? formText(request, 'lang')
  return loginLanguage(chosen, request.headers['accept-language'])
}
