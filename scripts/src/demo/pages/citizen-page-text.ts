import { regionNames } from '@netcert/schemas/regions'
import type { SyntheticCitizen } from './synthetic-citizens.js'

/** A language of the page. */
export type PageLanguage = 'zh-CN' | 'en'

/** An offer that was made, as the page shows it. */
export type MadeOffer = {
  readonly citizen: SyntheticCitizen
  /** `openid-credential-offer://…` */
  readonly link: string
  /** The same in the address of the wallet's page. */
  readonly walletLink: string
  readonly code: string | null
  readonly qr: string
}

const words = {
  'zh-CN': {
    title: '做一回公民',
    lead: '这里是示例签发机构。下面的人都不存在，任选一位，领取其网络凭证。真正的签发机构会先核验证件，这里省去。',
    take: '领取凭证',
    years: (age: number) => `${age} 岁`,
    offerTitle: (name: string) => `${name}的凭证`,
    offerLead: '十分钟内有效，只能领一次。领取码平时会另行交给本人，这里直接显示。',
    open: '在这台设备上打开凭证夹',
    scan: '或用另一台设备扫描',
    code: '领取码',
    back: '换一位',
    other: 'English',
  },
  en: {
    title: 'Be a citizen',
    lead: 'This is the example issuer. None of these people exist: choose one and get their network certificate. A real issuer checks documents first; that is left out here.',
    take: 'Choose',
    years: (age: number) => `${age} years old`,
    offerTitle: (name: string) => `Certificates of ${name}`,
    offerLead:
      'Good for ten minutes and one wallet. The code would normally reach the person another way; here it is simply shown.',
    open: 'Open the wallet on this device',
    scan: 'Or scan it with another device',
    code: 'Code',
    back: 'Somebody else',
    other: '中文',
  },
} as const

/** The people one can be. */
export function peoplePage(
  people: readonly SyntheticCitizen[],
  language: PageLanguage,
  today: Date,
): string {
  const text = words[language]
  const cards = people.map(
    ({ name, birthdate, region }, at) => `
      <li class="person">
        <div>
          <h2>${escape(name)}</h2>
          <p>${text.years(ageAt(birthdate, today))} · ${escape(regionName(region, language))}</p>
        </div>
        <form method="post" action="/offers?lang=${language}">
          <button name="person" value="${at}">${text.take}</button>
        </form>
      </li>`,
  )
  return page(
    language,
    '/',
    `<h1>${text.title}</h1><p class="lead">${text.lead}</p><ul class="people">${cards.join('')}</ul>`,
  )
}

/** One offer: a link, a code of squares and one of digits. */
export function offerPage(offer: MadeOffer, language: PageLanguage, path: string): string {
  const text = words[language]
  const { citizen, walletLink, code, qr } = offer
  const body = `
    <h1>${text.offerTitle(escape(citizen.name))}</h1>
    <p class="lead">${text.offerLead}</p>
    ${code === null ? '' : `<p class="code"><span>${text.code}</span> <strong id="code">${escape(code)}</strong></p>`}
    <p><a class="main" id="open" href="${escape(walletLink)}">${text.open}</a></p>
    <p>${text.scan}</p>
    <div class="qr">${qr}</div>
    <p><a href="/?lang=${language}">${text.back}</a></p>`
  return page(language, path, body)
}

function page(language: PageLanguage, path: string, body: string): string {
  const { title, other } = words[language]
  const target = language === 'en' ? 'zh-CN' : 'en'
  return `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>${title}</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/style.css">
  </head>
  <body>
    <nav><a href="${path}?lang=${target}" lang="${target}">${other}</a></nav>
    <main>${body}</main>
  </body>
</html>
`
}

function ageAt(birthdate: string, today: Date): number {
  const [year = 0, month = 1, day = 1] = birthdate.split('-').map(Number)
  const had =
    today.getMonth() + 1 > month || (today.getMonth() + 1 === month && today.getDate() >= day)
  return today.getFullYear() - year - (had ? 0 : 1)
}

function regionName(code: string, language: PageLanguage): string {
  return regionNames[code]?.[language === 'en' ? 1 : 0] ?? code
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

/** The look of both pages. */
export const CITIZEN_PAGE_STYLE = `
:root { --ground: #f3f5f4; --card: #fff; --text: #16211f; --quiet: #52615e; --line: #d5dddb; --accent: #0f5c57;
  font: 16px/1.7 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
@media (prefers-color-scheme: dark) { :root { --ground: #0e1413; --card: #182120; --text: #e8efed; --quiet: #a2b2ae;
  --line: #2e3b39; --accent: #7fcabf; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); }
nav { padding: .4rem 1.25rem; text-align: right; }
nav a { display: inline-block; padding: .6rem 0; }
main { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem 4rem; }
a { color: var(--accent); }
h1 { margin: 0 0 .5rem; font-size: 1.9rem; line-height: 1.3; }
.lead { max-width: 40em; margin: 0 0 1.2rem; color: var(--quiet); text-wrap: pretty; }
.people { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: .8rem; margin: 1.6rem 0;
  padding: 0; list-style: none; }
.person { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .5rem 1rem;
  padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: 14px; background: var(--card); }
.person button { padding-inline: 1rem; }
.person h2 { margin: 0; font-size: 1.15rem; }
.person p { margin: 0; color: var(--quiet); font-size: .92rem; }
button, .main { display: inline-block; min-height: 48px; padding: .65rem 1.4rem; border: 1px solid var(--accent);
  border-radius: 10px; background: transparent; color: var(--accent); font: inherit; font-weight: 600; text-decoration: none;
  cursor: pointer; }
.main { background: var(--accent); color: var(--ground); }
.code { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .8rem; }
.code span { color: var(--quiet); }
.code strong { font-size: 1.6rem; letter-spacing: .12em; font-variant-numeric: tabular-nums; }
.qr { width: min(20rem, 100%); padding: .8rem; border-radius: 14px; background: #fff; }
.qr svg { display: block; width: 100%; height: auto; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`
