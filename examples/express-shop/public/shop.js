import { cameBack, verifyAndWait } from '/netcert/verify-and-wait.js'

const buy = document.querySelector('#buy')
const into = document.querySelector('#wallet')
const result = document.querySelector('#result')

async function sell() {
  try {
    const { sold } = await verifyAndWait({ query: 'age-over-18', into, deliverTo: '/buy' })
    result.textContent = sold ? '已购买' : ''
  } catch (error) {
    // The wallet led back to this shop in another tab, and that one goes on.
    if (error.code === 'continued_elsewhere') return
    result.textContent = `未通过：${error.code}`
  }
}

buy.addEventListener('click', () => void sell())
if (cameBack()) void sell()
