// Two languages. The pages hold the Chinese texts themselves; these are the English ones and what
// scripts say in both.
const english = {
  shop: 'Hillside Theatre',
  account: 'My account',
  known: 'What we know',
  welcome: 'One ticket each, and no names',
  welcomeAbout:
    'One ticket per person for each show. Your wallet gives a number for this theatre alone and shows that you are a real person; shows for adults ask one thing more: 18 or over.',
  knownTitle: 'All we know of our visitors',
  knownAbout:
    'Every table of our databases, with up to a hundred of its rows. No name, no document number, no birthday, no portrait: we never had them. A real shop would not publish this page.',
  noCertificate: 'No network certificate?',
  slipAbout:
    'Show any valid document at our counter. The number on your slip gets you the same, once.',
  slipCode: 'Number on the slip',
  slipShow: 'Show',
  buyBySlip: 'Ticket for a slip',
  enterBySlip: 'Sign in with a slip',
  foot: 'An example: there is no such theatre.',
  signIn: 'Sign in',
  signInAbout:
    'With your network certificate, without a password. We get a number that is ours alone: not who you are, and nothing to compare with other platforms.',
  enter: 'Sign in with a certificate',
  flagged: 'Let us make sure it is you',
  flaggedAbout:
    'Something about this account was unusual, so it is closed for now. Choose one of these ways; none of them is a must.',
  bySeen: 'Be seen in person',
  bySeenAbout:
    'Go through a presence check at the issuer (its counter or its page); it is not told for which platform. Come back within ten minutes and present the new certificate.',
  prove: 'I was seen, present now',
  otherWays: 'Other ways',
  object: 'Appeal',
  objectAbout: 'Tell us what happened; a person decides.',
  send: 'Send',
  kept: 'What we keep',
  keptAccount: 'Account id',
  keptTag: 'A mark of your account',
  keptTagAbout: 'Signing in needs no more: it is just enough to know you again',
  keptTickets: 'Your tickets',
  keptNumber: 'The number on your ticket',
  keptNumberAbout: 'A number for this theatre alone: the door looks for it, not for you',
  keptSession: 'This session',
  neverKept: 'Never received',
  neverKeptAbout: 'Name, document number, birth date, portrait, network number',
  untilDeleted: 'until you have it deleted',
  idle: 'ends after half an hour without you, too',
  deleteAbout:
    'To delete the account choose “demand deletion” for this shop in your wallet. It gets our signed answer.',
  leave: 'Sign out',
}

const spoken = {
  'zh-CN': {
    other: 'English',
    scan: '请用凭证夹扫描二维码',
    buy: '取票',
    adults: '仅限 18 周岁以上',
    sold: '票已留好。入场时凭证夹给出同一个号码。',
    soldAdult: '票已留好。我们只多知道一件事：您已满 18 周岁。',
    noTickets: '还没有票',
    empty: '（空）',
    rows: (/** @type {number} */ count) => `${count} 行`,
    appealed: '申诉已记录，由人工处理。',
    greeting: '您好，欢迎回来',
    ends: (/** @type {string} */ time) => `最晚 ${time} 结束`,
    refused: '未通过',
  },
  en: {
    other: '中文',
    scan: 'Scan this with your wallet',
    buy: 'Get a ticket',
    adults: '18 and over',
    sold: 'The ticket is yours. At the door your wallet gives the same number.',
    soldAdult: 'The ticket is yours. We know one thing more: you are 18 or over.',
    noTickets: 'None yet',
    empty: '(empty)',
    rows: (/** @type {number} */ count) => (count === 1 ? 'one row' : `${count} rows`),
    appealed: 'Your appeal is recorded; a person decides.',
    greeting: 'Welcome back',
    ends: (/** @type {string} */ time) => `ends at ${time} at the latest`,
    refused: 'Not accepted',
  },
}

/** What refusals mean to a visitor; anything else is told by its code. */
const refusals = {
  'zh-CN': {
    transaction_missing: '请重新开始。',
    session_expired: '等待时间已过，请重新开始。',
    purpose_differs: '这次出示是为另一场演出的，请重新开始。',
    wallet_declined: '凭证夹没有出示凭证。',
    query_unsatisfied: '凭证未能证明所需内容。',
    presence_too_old: '在场核验已超过十分钟，请重新核验。',
    different_holder: '所出示的凭证不属于该账户的主人。',
    slip_unknown: '没有这个小票号码，或已用过。',
    too_many_tries: '试得太多了，请过一刻钟再试。',
    ticket_held: '您已有这一场的票：每人一张。',
    account_flagged: '账户出现异常，请先到“我的账户”确认是您本人。',
    appeal_pending: '您的申诉正在处理中。',
  },
  en: {
    transaction_missing: 'Please start again.',
    session_expired: 'That took too long; please start again.',
    purpose_differs: 'That answer was for another show; please start again.',
    wallet_declined: 'The wallet presented nothing.',
    query_unsatisfied: 'The certificate does not show what was asked.',
    presence_too_old: 'The presence check is older than ten minutes; please go through one again.',
    different_holder: 'The certificate is not of the owner of this account.',
    slip_unknown: 'There is no slip with this number, or it was used.',
    too_many_tries: 'Too many tries: wait a quarter of an hour.',
    ticket_held: 'You have a ticket of this show: one each.',
    account_flagged: 'Something about your account was unusual; see “My account” first.',
    appeal_pending: 'Your appeal is being decided.',
  },
}

const wanted = new URLSearchParams(location.search).get('lang') ?? navigator.language
/** @type {'zh-CN' | 'en'} */
export const language = /^zh/i.test(wanted) ? 'zh-CN' : 'en'
export const say = spoken[language]

/** @param {string} code */
export function sayRefusal(code) {
  const known = /** @type {Record<string, string>} */ (refusals[language])
  return Object.hasOwn(known, code) ? known[code] : `${say.refused}: ${code}`
}

/** Puts the page into the language that was chosen, and its links with it. */
export function translate() {
  document.documentElement.lang = language
  const texts = /** @type {Record<string, string>} */ (language === 'en' ? english : {})
  for (const element of document.querySelectorAll('[data-text]')) {
    const text = texts[element.getAttribute('data-text') ?? '']
    if (text !== undefined) element.textContent = text
  }
  for (const labelled of document.querySelectorAll('[data-label]')) {
    const text = texts[labelled.getAttribute('data-label') ?? '']
    if (text !== undefined) labelled.setAttribute('aria-label', text)
  }
  if (language === 'en') document.title = `${document.querySelector('h1')?.textContent}`
  for (const link of document.querySelectorAll('a[data-keep]')) {
    link.setAttribute('href', `${link.getAttribute('href')}?lang=${language}`)
  }
  const other = document.querySelector('#language')
  const target = language === 'en' ? 'zh-CN' : 'en'
  other?.setAttribute('href', `?lang=${target}`)
  other?.setAttribute('lang', target)
  if (other) other.textContent = say.other
}

/** @param {string} name @param {string} [className] @param {string} [text] */
export function create(name, className = '', text = '') {
  const element = document.createElement(name)
  if (className !== '') element.className = className
  element.textContent = text
  return element
}
