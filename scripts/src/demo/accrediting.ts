import { join } from 'node:path'
import { openRegistrar } from '@netcert/issuer/registrar'
import { type IssuerServer, openIssuerServer } from '@netcert/issuer/server'
import { queries, sectorTemplates } from '@netcert/schemas'
import {
  initVerifier,
  installAccreditation,
  openVerifierServer,
  readRequestKey,
} from '@netcert/verifier/server'
import { type OpenPlatform, openPlatform } from '@netcert/verifier/vp-open'
import { registrationTemplate, templatePurpose } from '../platform-template.js'
import { issuerFolder, type Place, publicFolder, publishFiles, rootOf } from './issuing.js'
import { freePort } from './listen.js'
import type { Story } from './story.js'

/** A platform that the registrar accredited, with its own verifier. */
export type Accredited = {
  readonly name: string
  /** What its numbers hang on, for good. */
  readonly id: string
  /** Asks wallets, and reads what they answered. */
  readonly opened: OpenPlatform
  readonly token: string
}

/** The issuer and two platforms, all of them served on this machine. */
export type Wire = {
  readonly issuer: IssuerServer
  readonly platforms: readonly [Accredited, Accredited]
  close(): Promise<void>
}

const SECTOR = 'social-network'

/** Names of the two; there are no such platforms. */
const NAMES = ['forum', 'games'] as const

/** Step: two platforms are registered and accredited; from here on everybody speaks over HTTP. */
export function goOnTheWire(story: Story, place: Place): Promise<Wire> {
  return story.step('Two platforms register, and are accredited for one purpose', async (tell) => {
    const closing: (() => Promise<void>)[] = []
    const close = async () => {
      for (const end of closing.toReversed()) await end()
    }
    try {
      const [forum, games] = await accreditBoth(place)
      await publishFiles(place)
      const issuer = await serveIssuer(place)
      closing.push(issuer.close)
      const platforms = [
        await servePlatform(place, forum, closing),
        await servePlatform(place, games, closing),
      ] as const
      tell.say(
        'The registrar signs, for thirty days, what each may ask and why, and publishes it: anybody ' +
          'can look it up. Their wallets, verifiers and the issuer speak over HTTP from here on.',
      )
      const { purposes } = registrationOf(NAMES[0])
      const claims = purposes.flatMap(({ credentials }) => credentials.flatMap((it) => it.claims))
      for (const { name, id } of platforms) tell.fact(name, id)
      tell.fact('may ask', claims.map((path) => path.join('.')).join(', '))
      tell.fact('register', `${issuer.url}/register/`)
      return { issuer, platforms, close }
    } catch (error) {
      await close()
      throw error
    }
  })
}

/** The issuer at its address: offers, certificates, and the published files. */
function serveIssuer(place: Place): Promise<IssuerServer> {
  const { clock, baseUrl } = place
  return openIssuerServer({
    ...{ dir: issuerFolder(place), publishedDir: publicFolder(place), clock },
    ...{ port: Number(new URL(baseUrl).port), allowHttpLoopback: true, log: () => {} },
  })
}

type Signed = { readonly name: string; readonly id: string; readonly token: string }

async function accreditBoth(place: Place): Promise<readonly [Signed, Signed]> {
  const { clock } = place
  const { registrar, close } = await openRegistrar({ dir: issuerFolder(place), clock })
  try {
    const one = async (name: (typeof NAMES)[number]): Promise<Signed> => {
      const { id, ...registration } = registrationOf(name)
      await initVerifierOf(place, name)
      const { jwk, receiptUri, deletionUri } = await readRequestKey({ dir: folderOf(place, name) })
      const web = { website: id, privacy_policy: `${id}/privacy` }
      const addresses = { ...web, receipt: receiptUri, deletion: deletionUri }
      const value = { ...registration, id, request_jwk: jwk, addresses }
      await registrar.register({ value, update: false })
      const { token } = await registrar.accredit({ platform: id, purpose: SECTOR })
      return { name, id, token }
    }
    return [await one('forum'), await one('games')]
  } finally {
    await close()
  }
}

function registrationOf(name: (typeof NAMES)[number]) {
  const purposes = [
    templatePurpose(sectorTemplates[SECTOR], queries[sectorTemplates[SECTOR].query]),
  ]
  const texts = {
    forum: ['示例论坛', 'Example Forum'],
    games: ['示例游戏', 'Example Games'],
  } as const
  const [chinese, english] = texts[name]
  return {
    ...registrationTemplate(purposes),
    purposes,
    id: `https://${name}.example`,
    name: { 'zh-CN': chinese, en: english },
    operator: {
      name: { 'zh-CN': `${chinese}有限公司`, en: `${english} Ltd` },
      registration_number: `EX-${name.toUpperCase()}`,
    },
  }
}

function folderOf({ dir }: Place, name: string): string {
  return join(dir, 'platforms', name)
}

async function initVerifierOf(place: Place, name: string): Promise<void> {
  await initVerifier({
    dir: folderOf(place, name),
    baseUrl: `http://127.0.0.1:${await freePort()}`,
    rootDid: await rootOf(place),
    listsDir: publicFolder(place),
    now: place.clock(),
  })
}

async function servePlatform(
  place: Place,
  { name, id, token }: Signed,
  closing: (() => Promise<void>)[],
): Promise<Accredited> {
  const at = { dir: folderOf(place, name), clock: place.clock, allowHttpLoopback: true }
  await installAccreditation({ ...at, token })
  const server = await openVerifierServer(at)
  closing.push(server.close)
  const opened = await openPlatform(at)
  closing.push(opened.close)
  return { name, id, opened, token }
}
