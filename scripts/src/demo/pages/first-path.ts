import type { Screen } from '../../screen.js'
import { styled } from '../../screen.js'
import type { DemoPages } from './demo-pages.js'

/** The first visitor's way through the pages, in five steps. */
export function tellFirstPath(screen: Screen, pages: DemoPages): void {
  const { citizens, wallet, kiosk, theatre } = pages
  const step = (number: number, what: string, where: string, ...more: readonly string[]) => {
    screen.line(`  ${number}  `, styled('bold', what))
    screen.line('     ', where)
    for (const line of more) screen.line('     ', line)
  }
  screen.line()
  screen.line(styled('bold', 'Five steps in your browser'))
  step(1, 'Be a citizen 做一回公民', citizens)
  step(2, 'Open the wallet, get the certificates 打开凭证夹领取', wallet)
  if (theatre !== null) {
    step(3, 'Get a ticket, two taps, no name 取票', `${theatre.shopUrl}/`)
    step(
      4,
      'Through the door, no network 入场',
      kiosk,
      `lane file ${theatre.laneFile}`,
      `set-up code ${theatre.laneCode}`,
    )
    step(5, 'Who learned what 谁知道了什么', `${theatre.shopUrl}/known`, `${wallet}#/history`)
  }
}
