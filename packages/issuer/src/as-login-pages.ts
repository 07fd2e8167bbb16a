import { createHash } from 'node:crypto'
import { shortenShown } from '@netcert/credential'
import { LOGIN_TEXTS, type LoginLanguage } from './as-login-texts.js'

/** A page and what its policy has to allow. */
export type LoginPage = { readonly html: string; readonly policy: string }

const STYLE =
  'body{font:1.1rem/1.6 system-ui,sans-serif;max-width:32rem;margin:1rem auto;padding:0 1rem;' +
  'color:#1b1b1b;background:#fff}h1{font-size:1.5rem;line-height:1.3;margin:1rem 0;' +
  'text-wrap:balance}label{display:block;margin:1rem 0 .2rem}' +
  'input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #555}' +
  'button{font:inherit;margin:1.2rem 1rem 0 0;padding:.6rem 1.4rem;border:1px solid #1b1b1b;' +
  'background:#fff}button.go{background:#0b5cad;border-color:#0b5cad;color:#fff}' +
  'dt{font-weight:600}dd{margin:0 0 .6rem;overflow-wrap:anywhere}.bad{color:#a40000}' +
  'nav{text-align:right}'

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/** Nothing runs and nothing is loaded; forms go to this server, and on to `returnTo`. */
function policyOf(returnTo: string | null): string {
  const targets = returnTo === null ? '' : ` ${returnTo}`
  return (
    `default-src 'none'; style-src ${STYLE_HASH}; form-action 'self'${targets}; ` +
    "base-uri 'none'; frame-ancestors 'none'"
  )
}

/** Where a redirect may end, as a source of a content security policy. */
function redirectSource(redirectUri: string): string | null {
  if (!URL.canParse(redirectUri)) return null
  const { protocol, origin } = new URL(redirectUri)
  return protocol === 'https:' || protocol === 'http:' ? origin : protocol
}

/** Asks who the person is. What they typed is never shown again. */
export function loginPage(options: {
  readonly language: LoginLanguage
  readonly action: string
  /** What the login is for, where that is not a certificate. */
  readonly title?: string
}): LoginPage {
  const { language, action } = options
  const texts = LOGIN_TEXTS[language]
  const title = options.title ?? texts.loginTitle
  const body =
    `<p>${texts.loginLead}</p><form method="post" action="${escaped(action)}/person">` +
    `<input type="hidden" name="lang" value="${language}">` +
    field('document_number', texts.documentNumber, 'autocomplete="off" maxlength="30"') +
    field('name', texts.name, 'autocomplete="name" maxlength="200"') +
    `<button class="go">${texts.sendCode}</button></form>`
  return page({ language, title, body, returnTo: null, switchLanguage: true })
}

/** Asks for the code. It looks the same whether somebody of that name is on record or not. */
export function codePage(options: {
  readonly language: LoginLanguage
  readonly action: string
  readonly fault: 'wrongCode' | 'codeSpent' | 'codesSpent' | null
}): LoginPage {
  const { language, action, fault } = options
  const texts = LOGIN_TEXTS[language]
  const body =
    (fault === null
      ? `<p>${texts.codeLead}</p>`
      : `<p class="bad" role="alert">${texts[fault]}</p>`) +
    `<form method="post" action="${escaped(action)}/code">` +
    `<input type="hidden" name="lang" value="${language}">` +
    field('code', texts.code, 'inputmode="numeric" autocomplete="one-time-code" maxlength="6"') +
    `<button class="go">${texts.check}</button></form>` +
    `<p><a href="${escaped(action)}?again=1&amp;lang=${language}">${texts.anew}</a></p>`
  return page({ language, title: texts.codeTitle, body, returnTo: null, switchLanguage: false })
}

/** The offer is somebody else's; whoever logged in is guardian of nobody it could be about. */
export type ConsentObstacle = 'notYours' | 'noWards'

export type ConsentPageOptions = {
  readonly language: LoginLanguage
  readonly action: string
  /** Vouched for by the wallet's provider; `null` when nobody does. */
  readonly walletName: string | null
  readonly clientId: string
  readonly redirectUri: string
  readonly certificates: readonly string[]
  /** Why there is nothing to agree to; `null` where there is. */
  readonly obstacle: ConsentObstacle | null
}

/** Says which wallet gets what, and asks whether it may. */
export function consentPage(options: ConsentPageOptions): LoginPage {
  const { language, action, walletName, clientId, redirectUri, certificates, obstacle } = options
  const texts = LOGIN_TEXTS[language]
  const wallet = walletName ?? texts.unknownWallet + clientId
  const returnTo = redirectSource(redirectUri)
  const agree = `<button class="go" name="decision" value="agree">${texts.agree}</button>`
  const body =
    `<p>${obstacle === null ? texts.consentLead : texts[obstacle]}</p><dl>` +
    entry(texts.wallet, wallet) +
    entry(texts.returnsTo, returnTo ?? '') +
    entry(texts.certificates, certificates.join(language === 'en' ? ', ' : '、')) +
    `</dl>${obstacle === null ? `<p>${texts.consentNote}</p>` : ''}` +
    `<form method="post" action="${escaped(action)}/consent">${obstacle === null ? agree : ''}` +
    `<button name="decision" value="refuse">${texts.refuse}</button></form>`
  return page({ language, title: texts.consentTitle, body, returnTo, switchLanguage: true })
}

/** For an interaction that is over, or was never begun in this browser. */
export function endedPage(language: LoginLanguage, detail = ''): LoginPage {
  const texts = LOGIN_TEXTS[language]
  const body = `<p>${texts.endedLead}</p><p>${escaped(visible(detail))}</p>`
  return page({ language, title: texts.endedTitle, body, returnTo: null, switchLanguage: false })
}

/** For an address that sent too many forms. */
export function busyPage(language: LoginLanguage): LoginPage {
  const { busy } = LOGIN_TEXTS[language]
  return page({ language, title: busy, body: '', returnTo: null, switchLanguage: false })
}

/** A page in the same dress, for whatever else a person is asked who has logged in. */
export function plainPage(options: {
  readonly language: LoginLanguage
  readonly title: string
  /** HTML: whatever a stranger wrote has been escaped. */
  readonly body: string
  /** Offers the other language; only where the page is the same when it is opened anew. */
  readonly switchLanguage?: boolean
}): LoginPage {
  return page({ switchLanguage: false, ...options, returnTo: null })
}

type PageParts = {
  readonly language: LoginLanguage
  readonly title: string
  readonly body: string
  readonly returnTo: string | null
  readonly switchLanguage: boolean
}

function page({ language, title, body, returnTo, switchLanguage }: PageParts): LoginPage {
  const { other } = LOGIN_TEXTS[language]
  const link = `<nav><a href="?lang=${other.language}" lang="${other.language}">${other.label}</a></nav>`
  const html =
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">` +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${title}</title><style>${STYLE}</style></head><body>` +
    `${switchLanguage ? link : ''}<main><h1>${title}</h1>${body}</main></body></html>\n`
  return { html, policy: policyOf(returnTo) }
}

function field(name: string, label: string, attributes: string): string {
  return (
    `<label for="${name}">${label}</label>` +
    `<input id="${name}" name="${name}" required spellcheck="false" ${attributes}>`
  )
}

function entry(term: string, text: string): string {
  return `<dt>${term}</dt><dd>${escaped(visible(text))}</dd>`
}

/** Text of a stranger: nothing invisible, nothing that turns the writing round, not too long. */
function visible(text: string): string {
  const clean = text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu,
    '\uFFFD',
  )
  return shortenShown(clean)
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
