import { randomBytes } from 'node:crypto'
import type { Vault } from '@netcert/agent'
import express, { type Request, type RequestHandler, type Response, Router } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { LoginCodes } from './as-login-code.js'
import { busyPage, codePage, endedPage, type LoginPage, loginPage } from './as-login-pages.js'
import { type LoginLanguage, loginLanguage } from './as-login-texts.js'
import type { CitizenRegister } from './authentic-source.js'
import type { PresenceRecorder } from './presence.js'
import { presenceDonePage, presencePage, presenceTitle } from './presence-demo-pages.js'
import { addressOf } from './request-address.js'

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

const FORM_BYTES = 8 * 1024
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
  const form = express.urlencoded({ extended: false, limit: FORM_BYTES, parameterLimit: 10 })
  const limited = rateLimit({
    windowMs: 600_000,
    limit: options.formsPerAddress,
    keyGenerator: (request) => ipKeyGenerator(addressOf(request)),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, response) => show(response.status(429), busyPage(languageOf(request))),
  })
  router.get(PRESENCE_PATH, (request, response) => {
    const name = randomBytes(24).toString('base64url')
    const language = languageOf(request)
    show(
      response,
      loginPage({ language, action: actionOf(options, name), title: presenceTitle(language) }),
    )
  })
  router.get(`${PRESENCE_PATH}/:name`, (_request, response) => {
    response.redirect(303, `${options.basePath}${PRESENCE_PATH}`)
  })
  router.post(`${PRESENCE_PATH}/:name/person`, limited, form, step(options, takePerson))
  router.post(`${PRESENCE_PATH}/:name/code`, limited, form, step(options, takeCode))
  router.post(
    `${PRESENCE_PATH}/:name/present`,
    limited,
    form,
    step(options, (visit) => takePresence(visit, record)),
  )
  return router
}

type Visit = {
  readonly options: DemoPresenceOptions
  /** Names this visit: what a code is sent for. */
  readonly name: string
  readonly request: Request
  readonly response: Response
  readonly language: LoginLanguage
  readonly action: string
}

function step(options: DemoPresenceOptions, run: (visit: Visit) => Promise<void>): RequestHandler {
  return async (request, response) => {
    const language = languageOf(request)
    const name = String(request.params['name'])
    if (!NAME.test(name)) return show(response.status(400), endedPage(language))
    await run({ options, name, request, response, language, action: actionOf(options, name) })
  }
}

async function takePerson({ options, name, request, response, language, action }: Visit) {
  const documentNumber = formText(request, 'document_number')
  const found = await options.register.identify({ documentNumber, name: formText(request, 'name') })
  const person = found === undefined ? undefined : { citizen: found.reference, phone: found.phone }
  const sent = await options.codes.send({ interaction: interactionOf(name), person, language })
  show(response, codePage({ language, action, fault: sent ? null : 'codesSpent' }))
}

async function takeCode({ options, name, request, response, language, action }: Visit) {
  const code = formText(request, 'code').normalize('NFKC').trim()
  const checked = await options.codes.check({ interaction: interactionOf(name), code })
  if ('wrong' in checked) {
    const fault = checked.wrong === 'again' ? 'wrongCode' : 'codeSpent'
    return show(response.status(400), codePage({ language, action, fault }))
  }
  const until = Math.floor(options.clock().getTime() / 1000) + TICKET_SECONDS
  const ticket = JSON.stringify({ citizen: checked.citizen, until })
  const sealed = options.vault.seal(Buffer.from(ticket), contextOf(name))
  show(response, presencePage({ language, action, ticket: sealed }))
}

async function takePresence(visit: Visit, record: PresenceRecorder): Promise<void> {
  const { response, language } = visit
  const citizen = citizenOf(visit)
  if (citizen === undefined) return show(response.status(400), endedPage(language))
  const { until } = await record({ citizen, face: true })
  show(response, presenceDonePage({ language, until }))
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

function formText(request: Request, name: string): string {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return ''
  const value: unknown = Reflect.get(body, name)
  return typeof value === 'string' ? value : ''
}

function languageOf(request: Request): LoginLanguage {
  const chosen = request.query['lang'] ?? formText(request, 'lang')
  return loginLanguage(chosen, request.headers['accept-language'])
}

function show(response: Response, { html, policy }: LoginPage): void {
  response.set({
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  response.type('html').send(html)
}
