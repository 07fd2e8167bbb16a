import { type LoginPage, plainPage } from '../as-login-pages.js'
import type { LoginLanguage } from '../as-login-texts.js'
import type { CodeAction } from './revocation-codes.js'
import { REVOCATION_TEXTS } from './revocation-texts.js'

type PageOptions = {
  readonly language: LoginLanguage
  /** Where the form goes. */
  readonly action: string
}

/** Asks for the code and what to do. What was typed is never shown again. */
export function revocationPage(
  options: PageOptions & { readonly fault: 'mistyped' | 'busy' | null },
): LoginPage {
  const { language, action, fault } = options
  const texts = REVOCATION_TEXTS[language]
  const alert = fault === null ? '' : `<p class="bad" role="alert">${texts[fault]}</p>`
  const body =
    `${alert}<p>${texts.lead}</p><form method="post" action="${action}">` +
    `<input type="hidden" name="lang" value="${language}">` +
    `<label for="code">${texts.code}</label>` +
    '<input id="code" name="code" required spellcheck="false" autocomplete="off" ' +
    `autocapitalize="characters" maxlength="80" aria-describedby="form"><p id="form">${texts.form}</p>` +
    `<p>${texts.suspendNote}</p><button class="go" name="action" value="suspend">${texts.suspend}</button>` +
    `<p>${texts.revokeNote}</p><button name="action" value="revoke">${texts.revoke}</button></form>`
  return plainPage({ language, title: texts.title, body, switchLanguage: true })
}

/** The same for every code that is not mistyped, right or wrong. */
export function revocationDonePage(options: PageOptions & { readonly did: CodeAction }): LoginPage {
  const { language, action, did } = options
  const texts = REVOCATION_TEXTS[language]
  const said = did === 'revoke' ? texts.revoked : texts.suspended
  const body =
    `<p role="status">${said}</p><p>${texts.unsure}</p>` +
    `<p><a href="${action}?lang=${language}">${texts.again}</a></p>`
  return plainPage({ language, title: texts.doneTitle, body })
}
