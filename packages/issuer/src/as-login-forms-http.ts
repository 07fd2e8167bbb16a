import express, { type Request, type RequestHandler, type Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import type { LoginCodes } from './as-login-code.js'
import { busyPage, codePage, type LoginPage } from './as-login-pages.js'
import type { LoginLanguage } from './as-login-texts.js'
import type { CitizenRegister } from './authentic-source.js'
import { addressOf } from './request-address.js'

const FORM_BYTES = 8 * 1024
const WINDOW_SECONDS = 600

/** Reads a form of a login into the body of the request. */
export const readForm: RequestHandler = express.urlencoded({
  extended: false,
  limit: FORM_BYTES,
  parameterLimit: 10,
})

/** Lets an address send so many forms in ten minutes: who mistypes needs a few, who guesses many. */
export function limitForms(options: {
  readonly formsPerAddress: number
  readonly languageOf: (request: Request) => LoginLanguage
}): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_SECONDS * 1000,
    limit: options.formsPerAddress,
    keyGenerator: (request) => ipKeyGenerator(addressOf(request)),
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (request, response) => {
      response.set('retry-after', String(WINDOW_SECONDS))
      showPage(response.status(429), busyPage(options.languageOf(request)))
    },
  })
}

/** A form of a person who logs in by a code. */
export type LoginForm = {
  readonly options: {
    readonly codes: LoginCodes
    readonly register: Pick<CitizenRegister, 'identify'>
  }
  readonly request: Request
  readonly response: Response
  readonly language: LoginLanguage
  /** Where the pages send their forms. */
  readonly action: string
}

/** Sends a code to whom the form names, and says the same for somebody who is not on record. */
export async function sendCode(form: LoginForm, interaction: string): Promise<void> {
  const { options, request, response, language, action } = form
  const documentNumber = formText(request, 'document_number')
  const found = await options.register.identify({ documentNumber, name: formText(request, 'name') })
  const person = found === undefined ? undefined : { citizen: found.reference, phone: found.phone }
  const sent = await options.codes.send({ interaction, person, language })
  showPage(response, codePage({ language, action, fault: sent ? null : 'codesSpent' }))
}

/** The citizen whose code the form holds; `null` when it is wrong, which the person has been told. */
export async function checkCode(form: LoginForm, interaction: string): Promise<string | null> {
  const { options, request, response, language, action } = form
  const code = formText(request, 'code').normalize('NFKC').trim()
  const checked = await options.codes.check({ interaction, code })
  if ('citizen' in checked) return checked.citizen
  const fault = checked.wrong === 'again' ? 'wrongCode' : 'codeSpent'
  showPage(response.status(400), codePage({ language, action, fault }))
  return null
}

/** A member of the form; empty when there is none, or several. */
export function formText(request: Request, name: string): string {
  const body: unknown = request.body
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return ''
  const value: unknown = Reflect.get(body, name)
  return typeof value === 'string' ? value : ''
}

/** Sends a page that no cache keeps and that tells no other site where it was. */
export function showPage(response: Response, { html, policy }: LoginPage): void {
  response.set({
    'content-security-policy': policy,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  response.type('html').send(html)
}
