import { type LoginPage, plainPage } from './as-login-pages.js'
import type { LoginLanguage } from './as-login-texts.js'

type Texts = {
  readonly title: string
  readonly lead: string
  readonly button: string
  readonly doneTitle: string
  readonly done: string
}

const TEXTS: Readonly<Record<LoginLanguage, Texts>> = {
  'zh-CN': {
    title: '演示：本人在场核验',
    lead: '这只是演示，并不核验任何内容：按下按钮即视为您本人在场并已核对面部。真实的签发机构在此进行面部核验，或由柜台人员核对。签发机构不知道您为何核验。',
    button: '演示：我本人在场',
    doneTitle: '演示核验已记录',
    done: '请在此时间之前用凭证夹领取新的平台副本',
  },
  en: {
    title: 'Demonstration of a presence check',
    lead: 'This is a demonstration and checks nothing: the button counts as you being here with your face compared. A real issuer compares your face here, or its staff at a counter do. The issuer is not told what the check is for.',
    button: 'Demonstration: I am here',
    doneTitle: 'The demonstration was recorded',
    done: 'Fetch a fresh platform copy with your wallet before',
  },
}

/** What the login before the button is for. */
export function presenceTitle(language: LoginLanguage): string {
  return TEXTS[language].title
}

/** The button that believes everybody, and says so. */
export function presencePage(options: {
  readonly language: LoginLanguage
  readonly action: string
  /** Sealed base64url: who has logged in. */
  readonly ticket: string
}): LoginPage {
  const { language, action, ticket } = options
  const { title, lead, button } = TEXTS[language]
  const body =
    `<p class="bad" role="note">${lead}</p><form method="post" action="${action}/present">` +
    `<input type="hidden" name="lang" value="${language}">` +
    `<input type="hidden" name="ticket" value="${encodeURIComponent(ticket)}">` +
    `<button class="go">${button}</button></form>`
  return plainPage({ language, title, body })
}

/** What to do now, and until when. */
export function presenceDonePage(options: {
  readonly language: LoginLanguage
  readonly until: Date
}): LoginPage {
  const { language, until } = options
  const { doneTitle, done } = TEXTS[language]
  const time = until.toLocaleTimeString(language, {
    timeZone: 'Asia/Shanghai',
    hour: '2-digit',
    minute: '2-digit',
  })
  return plainPage({ language, title: doneTitle, body: `<p>${done} ${time} (UTC+8)</p>` })
}
