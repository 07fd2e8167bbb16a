import type { Locator, Page } from 'playwright-core'

/** The browser's Back and Forward, pressed by a test. */
export type WayBack = {
  /** Presses Back, and waits for the place one comes to; nothing may lie over it. */
  back(place: string): Promise<void>
  forward(place: string): Promise<void>
  /** To the certificates, by a link: the place that Back leads to next. */
  home(): Promise<void>
}

type Walked = {
  readonly page: Page
  at(testId: string): Locator
  go(place: string): Promise<void>
}

export function wayBack(device: Walked): WayBack {
  const { page } = device
  const arrive = async (place: string) => {
    await page.locator(`[data-testid=frame][data-place=${place}] h1`).first().waitFor()
    await page.locator('dialog[open]').waitFor({ state: 'detached' })
  }
  return {
    async back(place) {
      await page.goBack()
      await arrive(place)
    },
    async forward(place) {
      await page.goForward()
      await arrive(place)
    },
    async home() {
      await device.go('home')
      await arrive('home')
    },
  }
}
