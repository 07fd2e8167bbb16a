// A classic script without imports, so that the page also works opened from a folder. It runs under a
// strict Content Security Policy with Trusted Types: no markup from text, no request to anybody.
;(() => {
  'use strict'

  const SHOWN_AT_ONCE = 50
  const DAY_SECONDS = 86_400

  const texts = globalThis.netcertRegisterTexts
  const register = globalThis.netcertRegister
  const platforms = Array.isArray(register?.platforms) ? register.platforms : []
  const state = { language: firstLanguage(), filter: 'all', search: '', most: SHOWN_AT_ONCE }
  const collator = new Intl.Collator(['zh-CN', 'en'])

  function firstLanguage() {
    const asked = /lang=(zh-CN|en)/.exec(location.hash)?.[1]
    if (asked !== undefined) return asked
    return navigator.languages.some((language) => language.startsWith('zh')) ? 'zh-CN' : 'en'
  }

  function text(name, values = {}) {
    const template = texts[state.language]?.[name] ?? name
    return template.replaceAll(/\{(\w+)\}/g, (_, key) => String(values[key] ?? ''))
  }

  function element(name, className, content) {
    const made = document.createElement(name)
    if (className !== '') made.className = className
    if (content !== undefined) made.textContent = content
    return made
  }

  /** What a search looks through: both languages, so that nobody has to switch to find something. */
  function haystack(platform) {
    const both = (localised) => (localised ? `${localised['zh-CN']} ${localised.en}` : '')
    const purposes = platform.purposes.map((purpose) =>
      [
        purpose.id,
        both(purpose.purpose),
        purpose.legal_basis,
        both(purpose.legal_basis_text),
        ...purpose.claims.map((claim) => `${claim.path.join('.')} ${both(claim.label)}`),
      ].join(' '),
    )
    const operator = `${both(platform.operator.name)} ${platform.operator.registration_number}`
    return [platform.id, both(platform.name), operator, ...purposes].join(' ').toLowerCase()
  }

  const searchable = new Map(platforms.map((platform) => [platform, haystack(platform)]))

  /** Purposes that ask what is filtered for; a removed platform asks nothing any more. */
  function purposesOf(platform) {
    if (platform.removed_at !== null) return []
    if (state.filter === 'all') return platform.purposes
    return platform.purposes.filter(({ claims }) => {
      const classes = new Set(claims.map((claim) => claim.class))
      if (state.filter !== 'fact') return classes.has(state.filter)
      return !classes.has('number') && !classes.has('identity')
    })
  }

  function passes(platform) {
    const words = state.search.toLowerCase().split(/\s+/).filter(Boolean)
    if (!words.every((word) => searchable.get(platform).includes(word))) return false
    return state.filter === 'all' || purposesOf(platform).length > 0
  }

  function day(seconds) {
    const options = { dateStyle: 'long', timeZone: 'Asia/Shanghai' }
    return new Intl.DateTimeFormat(state.language, options).format(new Date(seconds * 1000))
  }

  function duration(seconds) {
    const days = seconds / DAY_SECONDS
    if (days >= 365 && days % 365 === 0) return text('years', { n: days / 365 })
    if (days >= 1) return text('days', { n: Math.ceil(days) })
    return text('hours', { n: Math.ceil(seconds / 3600) })
  }

  function keeping({ retention_seconds: seconds, stores_raw_claims: stores }) {
    if (seconds === 0) return text('keepsNothing')
    return text(stores ? 'keepsClaims' : 'keepsResult') + duration(seconds)
  }

  function basis({ legal_basis: code, legal_basis_text: law }) {
    if (code === 'none') return text('basisNone')
    if (code === 'consent') return text('basisConsent')
    return law?.[state.language] ?? code.slice('law:'.length)
  }

  function termsOf(purpose) {
    const { accredited } = purpose
    const now = Date.now() / 1000
    const valid = accredited !== null && accredited.expires_at > now
    const list = element('dl', 'terms')
    const rows = [
      ['basis', basis(purpose)],
      ['keeps', keeping(purpose)],
      ['limit', text('limitText', { n: purpose.max_claims })],
      ['state', valid ? text('until', { day: day(accredited.expires_at) }) : text('lapsed')],
    ]
    for (const [name, said] of rows) {
      list.append(element('dt', '', text(name)), element('dd', '', said))
    }
    return list
  }

  function purposeOf(purpose) {
    const section = element('section', 'purpose')
    const claims = element('ul', 'claims')
    for (const claim of purpose.claims) {
      const known = ['fact', 'number', 'identity'].includes(claim.class) ? claim.class : 'identity'
      claims.append(element('li', known, claim.label[state.language]))
    }
    section.append(element('p', 'why', purpose.purpose[state.language]), claims, termsOf(purpose))
    return section
  }

  /** Only web addresses become links; the register was written by somebody else. */
  function link(address, name) {
    const made = element('a', '', text(name))
    if (/^https?:\/\//.test(address)) made.href = address
    made.rel = 'noreferrer noopener'
    return made
  }

  function platformOf(platform) {
    const gone = platform.removed_at !== null
    const item = element('li', gone ? 'platform gone' : 'platform')
    item.dataset.platform = platform.id
    item.append(element('h2', '', platform.name[state.language]))
    item.append(element('p', 'operator', platform.operator.name[state.language]))
    if (gone) {
      item.append(element('p', 'ended', text('removed', { day: day(platform.removed_at) })))
    } else {
      item.append(...purposesOf(platform).map(purposeOf))
    }
    const links = element('p', 'links')
    const data = element('a', '', text('data'))
    data.href = platform.file
    if (!gone)
      links.append(link(platform.website, 'website'), link(platform.privacy_policy, 'privacy'))
    links.append(data, element('code', '', platform.id))
    item.append(links)
    return item
  }

  function compare(one, other) {
    const gone = Number(one.removed_at !== null) - Number(other.removed_at !== null)
    return gone || collator.compare(one.name[state.language], other.name[state.language])
  }

  function showFixedTexts() {
    document.documentElement.lang = state.language
    document.title = text('title')
    for (const node of document.querySelectorAll('[data-text]')) {
      node.textContent = text(node.dataset.text)
    }
    for (const node of document.querySelectorAll('[data-label]')) {
      node.setAttribute('aria-label', text(node.dataset.label))
    }
    const input = document.getElementById('search')
    input.placeholder = text(input.dataset.placeholder)
    press('language', state.language)
    press('filter', state.filter)
  }

  function press(kind, chosen) {
    for (const button of document.querySelectorAll(`[data-${kind}]`)) {
      button.setAttribute('aria-pressed', String(button.dataset[kind] === chosen))
    }
  }

  function show() {
    showFixedTexts()
    const found = platforms.filter(passes).toSorted(compare)
    const list = document.getElementById('platforms')
    list.replaceChildren(...found.slice(0, state.most).map(platformOf))
    if (found.length === 0) {
      list.append(element('li', 'empty', text(register === undefined ? 'missing' : 'none')))
    }
    document.getElementById('more').hidden = found.length <= state.most
    const purposes = found.flatMap(purposesOf).length
    const counted = { n: found.length, m: purposes, day: day(register?.as_of ?? 0) }
    document.getElementById('count').textContent =
      register === undefined ? '' : text('count', counted)
  }

  function on(id, event, change) {
    document.getElementById(id).addEventListener(event, (happened) => {
      change(happened)
      show()
    })
  }

  for (const button of document.querySelectorAll('[data-language]')) {
    button.addEventListener('click', () => {
      state.language = button.dataset.language
      history.replaceState(null, '', `#lang=${state.language}`)
      show()
    })
  }
  for (const button of document.querySelectorAll('[data-filter]')) {
    button.addEventListener('click', () => {
      Object.assign(state, { filter: button.dataset.filter, most: SHOWN_AT_ONCE })
      show()
    })
  }
  on('search', 'input', ({ target }) => {
    Object.assign(state, { search: target.value, most: SHOWN_AT_ONCE })
  })
  on('more', 'click', () => {
    state.most += SHOWN_AT_ONCE
  })
  document.querySelector('form').addEventListener('submit', (event) => event.preventDefault())
  show()
})()
