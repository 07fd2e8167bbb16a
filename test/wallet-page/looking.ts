import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** What a screen does to people who hear it, or see it badly. */
export type Barrier = {
  readonly rule: string
  readonly impact: string
  readonly where: string
  readonly why: string
}

type AxeResult = {
  readonly violations: readonly {
    readonly id: string
    readonly impact: string
    readonly help: string
    readonly nodes: readonly {
      readonly target: readonly string[]
      readonly failureSummary: string
    }[]
  }[]
}

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds on the screen that is there now: of WCAG 2.2 A and AA, and of its good practice. */
export async function findBarriers(page: Page): Promise<readonly Barrier[]> {
  // Past the content policy of the page, which lets no such script in by itself.
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: `globalThis.axe ?? (() => {${source}})()` })
  await session.detach()
  // Words that slide in are pale while they do.
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
  )
  const { violations } = await page.evaluate(async (): Promise<AxeResult> => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<AxeResult> } }
    return axe.run()
  })
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => ({
      ...{ rule: id, impact, where: target.join(' '), why: `${help}: ${failureSummary}` },
    })),
  )
}

/** Things to press that a thumb misses: below 44 by 44 pixels, and not within a line of text. */
export function findSmallTargets(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const small: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, a[href], input, select',
    )) {
      const { width, height } = (element.closest('label') ?? element).getBoundingClientRect()
      const isShown = width > 1 && height > 1 && element.offsetParent !== null
      const isInText = element.matches('p a, li a, dd a')
      if (isShown && !isInText && (width < 43.5 || height < 43.5)) {
        const name = element.dataset['testid'] ?? element.className
        small.push(`${name} ${Math.round(width)} × ${Math.round(height)}`)
      }
    }
    return small
  })
}

/** How many pixels of the page lie beyond its right edge. */
export const sidewaysPixels = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
