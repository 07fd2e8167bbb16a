import { cameBack, VerifyError } from '/netcert/verify-and-wait.js'
import { shows } from '/shows.js'
import { create, language, say, sayRefusal, translate } from '/texts.js'
import { askWallet, bySlip, element } from '/wallet.js'

translate()

/** @typedef {(typeof shows)[number]} Show */

/** @param {Show} show */
function card(show) {
  const article = create('article', 'show')
  article.dataset['show'] = show.id
  const poster = document.createElement('img')
  poster.src = show.poster
  poster.alt = ''
  const buy = create('button', 'main buy', say.buy)
  buy.setAttribute('type', 'button')
  buy.addEventListener('click', () => void getTicket(show))
  const result = create('p', 'result')
  result.setAttribute('role', 'status')
  const words = create('div', 'words')
  words.append(
    create('p', 'quiet', show.when[language]),
    create('h2', '', show.title[language]),
    create('p', '', show.about[language]),
    ...(show.adults ? [create('p', 'adults', say.adults)] : []),
    buy,
    create('div', 'wallet'),
    result,
  )
  article.append(poster, words)
  return article
}

/** @param {Show} show */
async function getTicket(show) {
  // The wallet may lead back to this address in another tab, which then knows what was asked.
  history.replaceState(null, '', `?lang=${language}&show=${show.id}${location.hash}`)
  const place = `[data-show="${show.id}"]`
  const result = element(`${place} .result`)
  await tell(result, async () => {
    const into = element(`${place} .wallet`)
    const deliverTo = `/tickets/${show.id}`
    const sold = await askWallet({ query: `ticket-${show.id}`, into, deliverTo })
    if (sold !== null) result.textContent = show.adults ? say.soldAdult : say.sold
  })
}

/**
 * Says what an attempt was refused for.
 *
 * @param {Element} result @param {() => Promise<void>} attempt
 */
async function tell(result, attempt) {
  result.textContent = ''
  try {
    await attempt()
  } catch (error) {
    result.textContent = sayRefusal(error instanceof VerifyError ? error.code : 'server_error')
  }
}

element('#shows').append(...shows.map(card))
element('#slip-show').append(
  ...shows.map((show) => {
    const option = document.createElement('option')
    option.value = show.id
    option.textContent = show.title[language]
    return option
  }),
)
element('#slip').addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault()
  const result = element('#result')
  void tell(result, async () => {
    await bySlip(`/tickets/${element('#slip-show').value}`, element('#slip-code').value)
    result.textContent = say.sold
  })
})
const asked = shows.find(({ id }) => id === new URLSearchParams(location.search).get('show'))
if (cameBack() && asked !== undefined) void getTicket(asked)
