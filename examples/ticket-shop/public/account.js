import { cameBack, VerifyError } from '/netcert/verify-and-wait.js'
import { shows } from '/shows.js'
import { create, language, say, sayRefusal, translate } from '/texts.js'
import { askWallet, bySlip, element } from '/wallet.js'

translate()
const result = element('#result')
const outcome = element('#outcome')
const RE_AUTHENTICATION = 'account-re-authentication'

/** @param {'signed-out' | 'flagged' | 'signed-in'} part */
function show(part) {
  for (const name of ['signed-out', 'flagged', 'signed-in'])
    element(`#${name}`).hidden = name !== part
}

async function refresh() {
  const response = await fetch('/netcert/account')
  if (!response.ok) return show('signed-out')
  const account = await response.json()
  const { tickets } = await (await fetch('/tickets')).json()
  const until = new Date(account.session_ends_at * 1000)
  const time = until.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit' })
  element('#greeting').textContent = say.greeting
  element('#id').textContent = account.account
  element('#tickets').replaceChildren(...listed(tickets))
  element('#session').textContent = say.ends(time)
  show('signed-in')
}

/** @param {{ show: string }[]} tickets */
function listed(tickets) {
  if (tickets.length === 0) return [create('li', '', say.noTickets)]
  return tickets.map(({ show: id }) => {
    const show = shows.find((it) => it.id === id)
    return create(
      'li',
      '',
      show === undefined ? id : `${show.title[language]} · ${show.when[language]}`,
    )
  })
}

/** @param {() => Promise<unknown>} attempt @param {Element} told */
async function enter(attempt, told) {
  told.textContent = ''
  try {
    if ((await attempt()) !== null) await refresh()
  } catch (error) {
    const { code, answer } =
      error instanceof VerifyError ? error : { code: 'server_error', answer: {} }
    if (code === 'account_flagged') showWaysOut(answer)
    else told.textContent = sayRefusal(code)
  }
}

/** @param {any} answer */
function showWaysOut({ re_authentication: { alternatives } }) {
  const list = element('#alternatives')
  list.replaceChildren(
    ...alternatives.map((/** @type {Record<string, string>} */ texts) => {
      const item = document.createElement('li')
      item.textContent = texts[language] ?? ''
      return item
    }),
  )
  show('flagged')
}

const withWallet = () => {
  history.replaceState(null, '', `?lang=${language}`)
  const asked = { query: 'sign-in', into: element('#wallet'), deliverTo: '/netcert/sign-in' }
  return enter(() => askWallet(asked), result)
}
const withProof = () => {
  // The wallet may lead back to this address in another tab, which then knows what was asked.
  history.replaceState(null, '', `?lang=${language}&prove`)
  const deliverTo = '/netcert/re-authentication'
  const asked = { query: RE_AUTHENTICATION, into: element('#proof'), deliverTo }
  return enter(() => askWallet(asked), outcome)
}

async function appeal() {
  const body = new URLSearchParams({ text: element('#text').value })
  const response = await fetch('/netcert/appeal', { method: 'POST', body })
  const { error } = await response.json()
  outcome.textContent = response.ok ? say.appealed : sayRefusal(String(error))
}

element('#enter').addEventListener('click', () => void withWallet())
element('#prove').addEventListener('click', () => void withProof())
element('#leave').addEventListener('click', () => {
  void fetch('/netcert/sign-out', { method: 'POST' }).then(() => show('signed-out'))
})
element('#slip').addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault()
  void enter(() => bySlip('/netcert/sign-in', element('#slip-code').value), result)
})
element('#appeal').addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault()
  void appeal()
})
if (!cameBack()) void refresh()
else if (new URLSearchParams(location.search).has('prove')) {
  show('flagged')
  void withProof()
} else {
  show('signed-out')
  void withWallet()
}
