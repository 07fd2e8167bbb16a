import { writeFileSync } from 'node:fs'
import { freePort } from '../free-port.js'
import { jsonOf, netcert, type Run } from './netcert-process.js'
import { type Asked, type Serving, serve, type Wire } from './wire-ground.js'

/** One purpose of a registration, as `netcert platform template` prints it. */
export type Purpose = { readonly id: string; readonly max_claims: number }

/** A platform to be: its id at the registrar and what it is registered for. */
export type PlatformOptions = {
  readonly id: string
  readonly name: string
  readonly sectors: readonly string[]
  /** What its registration says otherwise than the template. */
  readonly change?: (purpose: Purpose) => Purpose
}

/** A platform with a verifier of its own, as a process. */
export type ServedPlatform = {
  readonly id: string
  readonly dir: string
  /** Ends its server and starts it again. */
  restart(): Promise<void>
  end(): Promise<void>
  /** Runs a command on the verifier's folder. */
  at(...args: string[]): Promise<Run>
  ask(query: string, ...args: string[]): Promise<Asked>
  /** What the answer said, once. */
  result(session: string): Promise<{ readonly platformNumber: string | null }>
}

const LOOPBACK = '--allow-http-loopback'

/** Registers the platform whose verifier `at` speaks to, and installs an accreditation for each purpose. */
export async function accredit(
  wire: Wire,
  at: Wire['at'],
  { id, name, sectors, change = (purpose) => purpose }: PlatformOptions,
): Promise<void> {
  const key = jsonOf<{ request_jwk: object; addresses: object }>(await at('verifier', 'key'))
  type Form = { readonly addresses: object; readonly purposes: readonly Purpose[] }
  const form = jsonOf<Form>(await wire.at('platform', 'template', ...sectors))
  const texts = (text: string) => ({ 'zh-CN': text, en: text })
  const web = { website: id, privacy_policy: `${id}/privacy` }
  const filled = {
    ...{ ...form, id, name: texts(name), request_jwk: key.request_jwk },
    operator: { name: texts(`${name} Ltd`), registration_number: `EX-${name.toUpperCase()}` },
    addresses: { ...form.addresses, ...web, ...key.addresses },
    purposes: form.purposes.map(change),
  }
  const file = (kind: string) => wire.folder.at(`${name}-${kind}`)
  writeFileSync(file('registration.json'), JSON.stringify(filled))
  jsonOf(await wire.at('platform', 'register', file('registration.json')))
  for (const purpose of sectors) {
    const token = file(`${purpose}.jwt`)
    jsonOf(await wire.at('platform', 'accredit', id, '--purpose', purpose, '--out', token))
  }
  await publish(wire)
  for (const purpose of sectors) {
    jsonOf(await at('verifier', 'accredit', file(`${purpose}.jwt`), LOOPBACK))
  }
}

/** Publishes where the server serves it. */
export async function publish(wire: Wire): Promise<void> {
  jsonOf(await wire.at('publish', '--now', '--out', `${wire.issuer}/published`))
}

/** Sets a verifier up beside the issuer's, has it accredited, and serves it. */
export async function startPlatform(wire: Wire, options: PlatformOptions): Promise<ServedPlatform> {
  const dir = wire.folder.at(options.name)
  const port = String(await freePort())
  const at = (...args: string[]) => netcert([...args, '--dir', dir, '--json'])
  const lists = ['--trust', `${wire.issuer}/root.did`, '--lists-url', wire.url]
  const address = ['--base-url', `http://127.0.0.1:${port}`]
  jsonOf(await at('verifier', 'init', ...address, ...lists))
  await accredit(wire, at, options)
  const start = (): Promise<Serving> => serve('verifier', '--dir', dir, '--port', port)
  let server = await start()
  return {
    id: options.id,
    dir,
    restart: async () => {
      await server.end()
      server = await start()
    },
    end: async () => void (await server.end()),
    at,
    ask: async (query, ...args) =>
      jsonOf(await at('request', 'create', '--query', query, LOOPBACK, ...args)),
    result: async (session) => jsonOf(await at('request', 'result', session, LOOPBACK)),
  }
}
