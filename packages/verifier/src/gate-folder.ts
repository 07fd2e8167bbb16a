import { randomBytes } from 'node:crypto'
import { access, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createDidKey,
  decodeBase64Url,
  encodeBase64Url,
  type PrivateJwk,
  type PublicJwk,
  parsePublicJwk,
} from '@netcert/credential'
import { createClientIdentifier, type LocalisedText, parseAccreditation } from '@netcert/protocol'
import { z } from 'zod'
import { VerifierError } from './errors.js'
import type { Lane, LaneSettings } from './gate/lane.js'
import { assertLane } from './gate/lane-rules.js'
import { createDurably, readSettings, verifierFolder } from './verifier-folder.js'

const coordinate = z.string().regex(/^[\w-]{43}$/)
const privateKeySchema = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: coordinate,
  y: coordinate,
  d: coordinate,
})

/** Where the keys of a venue's gates lie in a verifier's folder; files that only it may read. */
function gateKeys(dir: string) {
  const secrets = join(dir, 'secrets')
  return {
    secrets,
    request: join(secrets, 'gate-request.jwk'),
    events: join(secrets, 'gate-events'),
  }
}

/**
 * The public request key of a venue's gates, made when it is first asked for. It is for gates alone:
 * its accreditation can be revoked without closing the venue's other doors.
 *
 * @throws VerifierError `verifier_missing`, `config_invalid`
 */
export async function readGateKey({ dir }: { readonly dir: string }): Promise<{
  readonly jwk: PublicJwk
  readonly did: string
  readonly created: boolean
}> {
  await readSettings(verifierFolder(dir))
  const { request, secrets } = gateKeys(dir)
  let created = false
  if (!(await exists(request))) {
    await mkdir(secrets, { recursive: true, mode: 0o700 })
    created = await createDurably(request, `${JSON.stringify(await newPrivateKey())}\n`, 0o600)
  }
  const jwk = publicHalf(await readPrivateKey(request))
  return { jwk, did: createDidKey(jwk), created }
}

/** What an operator says of a lane; the rest comes from the folder and the accreditation. */
export type MakeLaneOptions = Omit<
  Lane,
  'venue' | 'clientId' | 'platformId' | 'rootDid' | 'event'
> & {
  readonly dir: string
  readonly event: {
    readonly id: string
    readonly name: LocalisedText | null
    readonly endsAt: Date
  }
}

/**
 * Puts the settings of a lane together: the venue's key and root from the folder, the event's ledger
 * key, which all its lanes share, and a secret of the lane's own.
 *
 * @throws VerifierError `lane_invalid`, `verifier_missing`, `config_invalid`
 */
export async function makeLane(options: MakeLaneOptions): Promise<LaneSettings> {
  const { dir, event, ...lane } = options
  const { root_did: rootDid } = await readSettings(verifierFolder(dir))
  const { request } = gateKeys(dir)
  const requestKey = await readPrivateKey(request)
  const { name: venue, platformId } = parseAccreditation(lane.accreditation).accreditation
  const value = createDidKey(publicHalf(requestKey))
  const settings: LaneSettings = {
    ...lane,
    ...{ venue, platformId, rootDid, requestKey },
    clientId: createClientIdentifier({ prefix: 'decentralized_identifier', value }),
    event: { ...event, name: event.name ?? { 'zh-CN': event.id, en: event.id } },
    laneSecret: new Uint8Array(randomBytes(32)),
    ledgerKey: await readEventKey(dir, event.id),
  }
  assertLane(settings)
  return settings
}

/**
 * The ledger key of an event, made with its first lane.
 *
 * @throws VerifierError `lane_invalid`, `config_invalid`
 */
export async function readEventKey(dir: string, event: string): Promise<Uint8Array> {
  // It becomes the name of a file.
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(event)) {
    throw new VerifierError(
      'lane_invalid',
      'the id of an event is 1 to 64 letters, digits and . _ -; choose another.',
    )
  }
  const { events } = gateKeys(dir)
  const file = join(events, `${event}.key`)
  if (!(await exists(file))) {
    await mkdir(events, { recursive: true, mode: 0o700 })
    await createDurably(file, `${encodeBase64Url(randomBytes(32))}\n`, 0o600)
  }
  const text = (await readFile(file, 'utf8')).trim()
  if (!/^[\w-]{43}$/.test(text)) throw damaged(file)
  return decodeBase64Url(text)
}

async function newPrivateKey(): Promise<PrivateJwk> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const { privateKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const { x = '', y = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey)
  return { kty: 'EC', crv: 'P-256', x, y, d }
}

async function readPrivateKey(file: string): Promise<PrivateJwk> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new VerifierError(
      'lane_invalid',
      'this venue has no key for its gates yet; make one (netcert gate key) and have it accredited.',
      { cause },
    )
  })
  try {
    return privateKeySchema.parse(JSON.parse(text))
  } catch {
    // What was wrong with it could be a piece of it.
    throw damaged(file)
  }
}

function publicHalf({ d: _private, ...jwk }: PrivateJwk): PublicJwk {
  return parsePublicJwk(jwk)
}

function damaged(file: string): VerifierError {
  return new VerifierError('config_invalid', `${file} is damaged; restore it from a backup.`)
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}
