import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import { launchChromium } from './chromium.js'

/** A module of sources in a real browser: what it exports is called by name. */
export type BrowserModule = {
  readonly page: Page
  /** Calls an export with arguments that can be written as JSON. */
  call(name: string, ...given: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

/** Bundles a module as a browser loads it, and opens it on a page of this machine. */
export async function openBrowserModule(path: string): Promise<BrowserModule> {
  const server = await serveScript(await bundle(fileURLToPath(new URL(path, import.meta.url))))
  const browser: Browser = await launchChromium()
  const page = await browser.newPage()
  // By name: passkeys belong to a domain.
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  return {
    page,
    call: (name, ...given) =>
      page.evaluate(
        ([called, values]) => {
          const { loaded } = globalThis as unknown as {
            loaded: Record<string, (...values: readonly unknown[]) => unknown>
          }
          return loaded[called]?.(...values)
        },
        [name, given] as const,
      ),
    close: async () => {
      await browser.close()
      server.close()
    },
  }
}

async function bundle(input: string): Promise<string> {
  const built = await rolldown({
    input,
    platform: 'browser',
    resolve: { conditionNames: ['source', 'browser', 'import', 'default'] },
    logLevel: 'silent',
  })
  const { output } = await built.generate({ format: 'iife', name: 'loaded', codeSplitting: false })
  await built.close()
  return output[0].code
}

async function serveScript(code: string): Promise<Server> {
  const server = createServer((request, response) => {
    const isScript = request.url === '/module.js'
    response.setHeader(
      'content-type',
      isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8',
    )
    response.end(isScript ? code : '<!doctype html><script src="/module.js"></script>')
  }).listen(0, 'localhost')
  await once(server, 'listening')
  return server
}
