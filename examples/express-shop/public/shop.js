import { cameBack } from '/netcert/verify-and-wait.js'
import { say, sayRefusal, translate } from '/texts.js'
import { askWallet, bySlip, element } from '/wallet.js'

translate()
const result = element('#result')

async function buy() {
  const asked = { query: 'age-over-18', into: element('#wallet'), deliverTo: '/buy', result }
  const bought = await askWallet(asked)
  if (bought !== null) result.textContent = say.sold
}

element('#buy').addEventListener('click', () => void buy())
element('#slip').addEventListener('submit', (/** @type {Event} */ event) => {
  event.preventDefault()
  bySlip('/buy', element('#slip-code').value).then(
    () => (result.textContent = say.sold),
    (error) => (result.textContent = sayRefusal(error.code)),
  )
})
if (cameBack()) void buy()
