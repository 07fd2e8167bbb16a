import { openIssuer } from '@netcert/issuer'
import { describe, expect, it } from 'vitest'
import { type Citizen, serveTestIssuer } from '../../../test/issuer-server-ground.js'
import {
  agree,
  authorizeUrl,
  CLIENT_ID,
  locationOf,
  logIn,
  postToken,
  pushRequest,
  redeem,
} from '../../../test/oauth-flow.js'
import { createBrowser, createProof } from '../../../test/oauth-wallet.js'
import { openedForAll } from '../../../test/opened-for-all.js'
import { openIssuerGround } from './open.js'

describe('whoever cancels', () => {
  const served = openedForAll(() => serveTestIssuer({ citizens: 6 }))

  const signedIn = async (person: Citizen) => {
    const asking = await pushRequest(served)
    const browser = createBrowser()
    const consent = await logIn(served, browser, authorizeUrl(served, asking.requestUri), person)
    const redirect = new URL(locationOf(await agree(browser, consent)))
    const code = redirect.searchParams.get('code') ?? ''
    const { body } = await redeem(served, { ...asking, browser, redirect, code })
    return { key: asking.key, body }
  }
  const credential = async ({ key, body }: Awaited<ReturnType<typeof signedIn>>) => {
    const url = `${served.url}/credential`
    const accessToken = String(body['access_token'])
    const send = async (nonce: string | undefined) => {
      const dpop = await createProof(key, { method: 'POST', url, accessToken, nonce })
      const authorization = `DPoP ${accessToken}`
      const headers = { 'content-type': 'application/json', authorization, dpop }
      return fetch(url, { method: 'POST', headers, body: '{}' })
    }
    const first = await send(undefined)
    return (await send(first.headers.get('dpop-nonce') ?? undefined)).status
  }
  const refreshed = async ({ key, body }: Awaited<ReturnType<typeof signedIn>>) => {
    const form = {
      client_id: CLIENT_ID,
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
    }
    return (await postToken(served, form, key)).status
  }
  const ground = async <T>(work: (opened: Awaited<ReturnType<typeof openIssuerGround>>) => T) => {
    const opened = await openIssuerGround({ dir: served.dir, clock: () => new Date() })
    try {
      return await work(opened)
    } finally {
      await opened.close()
    }
  }
  const cancel = async (citizen: string) => {
    const { issuer, close } = await openIssuer({ dir: served.dir, clock: () => new Date() })
    // Certificates are what enrols: without one there would be nobody to cancel.
    await issuer.recordPresence({ citizen, face: false })
    await issuer.erasure.cancel(citizen)
    await close()
  }

  it('has no token, grant or login code any more, and nobody else loses theirs', async () => {
    const [person, other] = [served.nextPerson(), served.nextPerson()]
    const [mine, theirs] = [await signedIn(person), await signedIn(other)]
    expect([await credential(mine), await credential(theirs)]).toEqual([400, 400])
    await cancel(person.reference)
    expect([await credential(mine), await credential(theirs)]).toEqual([401, 400])
    expect([await refreshed(mine), await refreshed(theirs)]).toEqual([400, 200])
    const kept = await ground(({ ground: { database } }) =>
      database.kysely.selectFrom('as_login_codes').select('citizen').execute(),
    )
    expect(kept.map(({ citizen }) => citizen)).toEqual([other.reference])
  })

  it('loses records from before records said whose they are', async () => {
    const person = served.nextPerson()
    const mine = await signedIn(person)
    await ground(({ ground: { database } }) =>
      database.kysely.updateTable('as_records').set({ subject_tag: null }).execute(),
    )
    await cancel(person.reference)
    expect(await credential(mine)).toBe(401)
    expect(await refreshed(mine)).toBe(400)
  })

  it('loses offers made for them', async () => {
    const { reference: citizen } = served.nextPerson()
    const offer = await served.offer({ citizen })
    await cancel(citizen)
    const form = {
      grant_type: 'urn:ietf:params:oauth:grant-type:pre-authorized_code',
      'pre-authorized_code': offer.secret,
    }
    const answer = await postToken(served, form, undefined)
    expect([answer.status, answer.body['error']]).toEqual([400, 'invalid_grant'])
  })
})
