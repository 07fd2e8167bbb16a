import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NETWORK_CERTIFICATE } from '@netcert/credential'
import { civilDateAt, initIssuer, type Issuer, openIssuer, sampleCitizens } from '@netcert/issuer'
import { mintToWallet } from '../mint-to-wallet.js'
import { writeNewFile } from '../write-output.js'
import { importByName, type SyntheticCitizen } from './pages/synthetic-citizens.js'
import type { Story } from './story.js'

/** Where the demo works and what time it is there. */
export type Place = {
  readonly dir: string
  readonly clock: () => Date
  /** Where the published files are, or would be, served. */
  readonly baseUrl: string
}

/** One of the three citizens who get certificates. */
export type Person = {
  /** Reference at the issuer. */
  readonly citizen: string
  readonly walletDir: string
  /** The batch of the platform copy: what is revoked. */
  readonly platformBatch: string
}

/** The three who get certificates: the first two present, the third shows that others are untouched. */
export type People = readonly [Person, Person, Person]

/** Folder of the issuer. */
export function issuerFolder({ dir }: Place): string {
  return join(dir, 'issuer')
}

/** Folder of the published files. */
export function publicFolder({ dir }: Place): string {
  return join(dir, 'public')
}

/** What wallets and verifiers believe, as the issuer told it when it was set up. */
export async function rootOf(place: Place): Promise<string> {
  return (await readFile(join(issuerFolder(place), 'root.did'), 'utf8')).trim()
}

/** Step: keys, databases, trust list. */
export function setUpIssuer(story: Story, place: Place): Promise<void> {
  return story.step('The issuer sets itself up', async (tell) => {
    const report = await initIssuer({
      dir: issuerFolder(place),
      baseUrl: place.baseUrl,
      now: place.clock(),
    })
    tell.say('It makes its keys and two databases: one for the citizens, one for what it issues.')
    tell.fact('root', shortened(report.rootDid), '  what wallets and verifiers trust')
    tell.fact('issuer', shortened(report.issuerDid))
  })
}

const CITIZENS = 1_000

/** So many of them are known by name to the demo, which shows them to whoever wants to be one. */
const NAMED = 8

/** Step: a thousand synthetic citizens, from file to authentic source; the first of them by name. */
export function importCitizens(story: Story, place: Place): Promise<readonly SyntheticCitizen[]> {
  return story.step('A thousand citizens who do not exist are imported', async (tell) => {
    const path = join(place.dir, 'people.csv')
    const lines = [...sampleCitizens({ count: CITIZENS, today: civilDateAt(place.clock()) })]
    await writeNewFile({ path, lines })
    const { early, report } = await atIssuer(place, async (issuer) => {
      // The first rows of a sample are adults.
      const early = await importByName(issuer, lines.slice(0, NAMED + 1))
      const report = await issuer.importCitizens({ input: createReadStream(path) })
      if (report.refusedRows > 0) throw new Error('a synthetic row was refused')
      return { early, report }
    })
    tell.say(
      'Drawn at random, with region codes and phone prefixes that are assigned to nobody. This is ' +
        'the authentic source: it knows who lives here, and being in it enrols nobody.',
    )
    tell.fact('imported', `${report.rows} citizens from people.csv, none refused`)
    tell.fact(
      'unchanged',
      `${report.unchanged} of them: on record already, so nothing happened twice`,
    )
    return early
  })
}

/** Step: certificates for three citizens, into a wallet each. */
export function mintForThree(
  story: Story,
  place: Place,
  references: readonly string[],
): Promise<People> {
  return story.step('Three of them apply and receive certificates', async (tell) => {
    tell.say(
      'Each wallet makes its own keys. The issuer signs ten copies to be used once each, and one ' +
        'copy for a platform that is to know the citizen again. No two copies share a key, a salt ' +
        'or a digest.',
    )
    const people = await atIssuer(place, (issuer) =>
      Promise.all(references.map((reference, at) => mintBoth(issuer, place, reference, at + 1))),
    )
    people.forEach((_, at) => tell.fact(`citizen ${at + 1}`, '10 one-time copies, 1 platform copy'))
    const [first, second, third] = people
    if (!first || !second || !third) throw new Error('three citizens were expected')
    return [first, second, third]
  })
}

async function mintBoth(
  issuer: Issuer,
  place: Place,
  citizen: string,
  number: number,
): Promise<Person> {
  const walletDir = join(place.dir, 'wallets', `citizen-${number}`)
  const common = {
    issuer,
    issuerDir: issuerFolder(place),
    clock: place.clock,
    citizen,
    walletDir,
    type: NETWORK_CERTIFICATE,
  }
  await mintToWallet({ ...common, copies: 'one-time' })
  const { batch } = await mintToWallet({ ...common, copies: 'platform' })
  return { citizen, walletDir, platformBatch: batch }
}

/** Step: what verifiers need, as static files. */
export function publish(story: Story, place: Place): Promise<void> {
  return story.step('The issuer publishes what verifiers need', async (tell) => {
    await publishFiles(place)
    tell.say(
      'Trust list, status lists and type metadata: signed files for any web server. No file says ' +
        'whom it is about, and a verifier takes all of them at once, before anybody comes.',
    )
    tell.fact('folder', publicFolder(place))
  })
}

/** Writes the published files anew. */
export async function publishFiles(place: Place): Promise<void> {
  await atIssuer(place, (issuer) => issuer.publish({ out: publicFolder(place) }))
}

/** Opens the issuer for one piece of work, as a command does. */
export async function atIssuer<T>(place: Place, work: (issuer: Issuer) => Promise<T>): Promise<T> {
  const { issuer, close } = await openIssuer({ dir: issuerFolder(place), clock: place.clock })
  try {
    return await work(issuer)
  } finally {
    await close()
  }
}

/** The beginning and the end of a long name. */
function shortened(name: string): string {
  return name.length <= 32 ? name : `${name.slice(0, 18)}…${name.slice(-6)}`
}
