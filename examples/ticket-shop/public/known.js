import { create, language, say, sayRefusal, translate } from '/texts.js'
import { element } from '/wallet.js'

translate()

/** What a table is for. @type {Record<string, Record<'zh-CN' | 'en', string>>} */
const purposes = {
  tickets: {
    'zh-CN': '谁有哪一场的票：账户编号，以及只在本剧场有效的号码。',
    en: 'Who has a ticket of what: an account, and a number for this theatre alone.',
  },
  verifier_accounts: {
    'zh-CN': '账户。标记只够认出再次登录的同一个人。',
    en: 'Accounts. The tag is just enough to know the same person again.',
  },
  verifier_account_sessions: { 'zh-CN': '正在登录的账户。', en: 'Accounts signed in now.' },
  verifier_account_events: {
    'zh-CN': '账户上发生过的事。',
    en: 'What happened to accounts.',
  },
  verifier_account_appeals: {
    'zh-CN': '申诉，密封保存，只有工作人员能读。',
    en: 'Appeals, sealed: staff alone can read them.',
  },
  verifier_requests: {
    'zh-CN': '我们问过的每一次，及其结束时间；回答在处理后即删除。',
    en: 'Each time we asked, and its end; answers are deleted once they are used.',
  },
  verifier_acts: {
    'zh-CN': '未成年人要做、等监护人同意的事，到期即删。',
    en: 'What minors want to do and a guardian has to agree to, deleted at its end.',
  },
  verifier_retained: {
    'zh-CN': '登记允许保存的内容，到期即删。',
    en: 'What our registration lets us keep, deleted when its time is over.',
  },
  verifier_sessions: {
    'zh-CN': '正在等凭证夹回答的页面，几分钟后删除。',
    en: 'Pages waiting for a wallet’s answer, deleted after minutes.',
  },
  verifier_replays: {
    'zh-CN': '已用过的凭证出示，防止重放。',
    en: 'Presentations that were used, so that none is used twice.',
  },
}

/** @param {{ name: string, rows: Record<string, string | number | null>[] }} table */
function section({ name, rows }) {
  const part = create('section', 'table')
  const title = create('h2')
  title.append(create('code', '', name), create('span', 'quiet', ` ${say.rows(rows.length)}`))
  part.append(title, create('p', 'quiet', purposes[name]?.[language] ?? ''))
  const [first] = rows
  if (first === undefined) return part
  const table = create('table')
  const head = create('tr')
  head.append(...Object.keys(first).map((column) => create('th', '', column)))
  const lines = rows.map((row) => {
    const line = create('tr')
    line.append(...Object.values(row).map((value) => create('td', '', shown(value))))
    return line
  })
  table.append(head, ...lines)
  const frame = create('div', 'scroll')
  frame.tabIndex = 0
  frame.append(table)
  part.append(frame)
  return part
}

/** @param {string | number | null} value */
function shown(value) {
  return value === null || value === '' ? say.empty : String(value)
}

const response = await fetch('/everything')
if (response.ok) element('#tables').append(...(await response.json()).tables.map(section))
else element('#result').textContent = sayRefusal('server_error')
