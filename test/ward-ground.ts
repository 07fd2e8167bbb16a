import { generateSigner } from '@netcert/credential'
import { createKeyProof, issuedResponseSchema } from '@netcert/protocol'
import { Readable } from 'node:stream'
import { CITIZEN_COLUMNS, openIssuer } from '@netcert/issuer'
import { ageOn, civilDateAt } from '../packages/issuer/src/civil-date.js'
import { type Citizen, type ServedIssuer, serveTestIssuer } from './issuer-server-ground.js'
import { blindFor, claimsOf, SHOP } from './numbered-copies.js'
import { postToken } from './oauth-flow.js'
import { createProof, type DpopKey } from './oauth-wallet.js'

/** A family on record at a served issuer, of ages that hold today. */
export type ServedFamily = ServedIssuer & {
  readonly family: Readonly<Record<Member, Citizen & { readonly birthdate: string }>>
}
type Member = 'mother' | 'father' | 'daughter' | 'son' | 'teen' | 'stranger'

/** Documents without birthdays in them; the year of birth follows from the age. */
const MEMBERS: readonly (readonly [Member, string, number, string])[] = [
  ['mother', 'EX7654301', 40, ''],
  ['father', 'EX7654302', 41, ''],
  ['daughter', 'EX7654303', 9, 'EX7654301;EX7654302'],
  ['son', 'EX7654304', 5, 'EX7654301;EX7654302'],
  ['teen', 'EX7654305', 15, 'EX7654301'],
  ['stranger', 'EX7654306', 30, ''],
]

/** Serves an issuer with that family. */
export async function serveFamily(): Promise<ServedFamily> {
  const family = new Map<Member, ServedFamily['family'][Member]>()
  const served = await serveTestIssuer({
    citizens: 1,
    async prepare(dir) {
      const { issuer, close } = await openIssuer({ dir, clock: () => new Date() })
      const known = new Set(
        (await issuer.listCitizens({ limit: 100 })).citizens.map(({ reference }) => reference),
      )
      for (const [member, documentNumber, age, guardians] of MEMBERS) {
        const names = ['passport', documentNumber, '王', member]
        const birthdate = birthdateAt(age)
        const facts = ['female', birthdate, 'CHN', 'BJ', '10000864420', '', guardians]
        const text = `${CITIZEN_COLUMNS.join(',')}\n${[...names, ...facts].join(',')}\n`
        await issuer.importCitizens({ input: Readable.from([Buffer.from(text)]) })
        const { citizens } = await issuer.listCitizens({ limit: 100 })
        const added = citizens.find(({ reference }) => !known.has(reference))
        if (added === undefined) throw new TypeError(`${member} was not imported`)
        known.add(added.reference)
        const name = `王${member}`
        family.set(member, { reference: added.reference, documentNumber, name, birthdate })
      }
      await close()
    },
  })
  return Object.assign(served, { family: Object.fromEntries(family) as ServedFamily['family'] })
}

function birthdateAt(age: number): string {
  const today = civilDateAt(new Date())
  const birthdate = `${Number(today.slice(0, 4)) - age}-01-01`
  return ageOn(birthdate, today) === age ? birthdate : today
}

/** A credential request: its name, and what else is in it. */
export type CredentialAsking = {
  readonly accessToken: string
  readonly key?: DpopKey | undefined
  readonly clientId: string | null
  readonly request: Readonly<Record<string, unknown>>
}

/** Asks for one certificate as a wallet does, with the nonces the server wants. */
export async function askCredential(
  served: Pick<ServedIssuer, 'url'>,
  { accessToken, key, clientId, request }: CredentialAsking,
): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const url = `${served.url}/credential`
  const answer = await fetch(`${served.url}/nonce`, { method: 'POST' })
  const { c_nonce: nonce } = (await answer.json()) as { c_nonce: string }
  const { signer, jwk } = await generateSigner('ES256')
  const holder = { signer, jwk, keyBy: 'jwk', clientId } as const
  const jwt = await createKeyProof({
    ...holder,
    audience: served.url,
    issuedAt: new Date(),
    nonce,
  })
  const send = async (dpopNonce: string | undefined): Promise<Response> => {
    const proof = { method: 'POST', url, accessToken, nonce: dpopNonce }
    return fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `${key === undefined ? 'Bearer' : 'DPoP'} ${accessToken}`,
        ...(key === undefined ? {} : { dpop: await createProof(key, proof) }),
      },
      body: JSON.stringify({ ...request, proofs: { jwt: [jwt] } }),
    })
  }
  const first = await send(undefined)
  const wanted = first.headers.get('dpop-nonce')
  const last = wanted === null ? first : await send(wanted)
  return { status: last.status, body: (await last.json()) as Record<string, unknown> }
}

/** What a guardian's wallet reads of a token response. */
export type WardToken = {
  readonly accessToken: string
  readonly refreshToken: string
  readonly identifiers: readonly string[]
}

/** Reads a token response. */
export function wardTokenOf(body: Record<string, unknown>): WardToken {
  const details = (body['authorization_details'] ?? []) as readonly {
    readonly credential_identifiers: readonly string[]
  }[]
  return {
    accessToken: String(body['access_token']),
    refreshToken: String(body['refresh_token']),
    identifiers: details.flatMap((detail) => detail.credential_identifiers),
  }
}

/** Makes an offer to a guardian and redeems it. */
export async function redeemWardOffer(
  served: ServedIssuer,
  {
    guardian,
    ward,
    type,
    key,
  }: {
    readonly guardian: string
    readonly ward: string
    readonly type: string
    readonly key: DpopKey | undefined
  },
): Promise<WardToken> {
  const { secret } = await served.offer({ citizen: ward, guardian, types: [type] })
  const grant_type = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
  const form = { grant_type, 'pre-authorized_code': secret }
  return wardTokenOf((await postToken(served, form, key)).body)
}

/** Fetches a copy with the number of a platform, and opens the number as the platform would. */
export async function fetchNumberedCopy(
  served: Pick<ServedIssuer, 'url'>,
  {
    token: { accessToken },
    identifier,
    key,
  }: {
    readonly token: Pick<WardToken, 'accessToken'>
    readonly identifier: string
    readonly key: DpopKey | undefined
  },
) {
  const blinding = blindFor(SHOP)
  const request = { credential_identifier: identifier, platform_number_blinded: blinding.b }
  const { status, body } = await askCredential(served, {
    ...{ accessToken, key, request },
    clientId: null,
  })
  if (status !== 200) throw new TypeError(`not issued: ${JSON.stringify(body)}`)
  const credential = issuedResponseSchema.parse(body).credentials[0]?.credential ?? ''
  return { claims: await claimsOf(credential), number: await blinding.open(credential) }
}
