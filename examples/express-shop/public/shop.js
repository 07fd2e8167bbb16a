import { cameBack, verifyAndWait } from '/netcert/verify-and-wait.js'

const buy = document.querySelector('#buy')
const enter = document.querySelector('#enter')
const into = document.querySelector('#wallet')
const result = document.querySelector('#result')

/** What each button asks, where the answer goes, and what to say then. */
const questions = {
  'age-over-18': { deliverTo: '/buy', say: ({ sold }) => (sold ? '已购买' : '') },
  'sign-in': {
    deliverTo: '/enter',
    say: ({ number, visits }) => `您好，${number}，第 ${visits} 次光临`,
  },
}

async function ask(query) {
  const { deliverTo, say } = questions[query]
  try {
    result.textContent = say(await verifyAndWait({ query, into, deliverTo }))
  } catch (error) {
    // The wallet led back to this shop in another tab, and that one goes on.
    if (error.code === 'continued_elsewhere') return
    result.textContent = `未通过：${error.code}`
  }
}

for (const [button, query] of [
  [buy, 'age-over-18'],
  [enter, 'sign-in'],
]) {
  button.addEventListener('click', () => {
    // The wallet may lead back to this address in another tab, which then knows what was asked.
    history.replaceState(null, '', `?${query}`)
    void ask(query)
  })
}
if (cameBack()) void ask(location.search === '?sign-in' ? 'sign-in' : 'age-over-18')
