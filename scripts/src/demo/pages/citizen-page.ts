import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { openOfferDesk } from '@netcert/issuer'
import { toString as drawQr } from 'qrcode'
import { issuerFolder, type Place } from '../issuing.js'
import { type Listening, listen } from '../listen.js'
import {
  CITIZEN_PAGE_STYLE,
  type MadeOffer,
  offerPage,
  type PageLanguage,
  peoplePage,
} from './citizen-page-text.js'
import type { SyntheticCitizen } from './synthetic-citizens.js'

const TYPES = ['network-certificate', 'network-certificate-platform', 'gate-pass']
/** The oldest are forgotten first: they have ended long before. */
const MOST_OFFERS = 100
const MOST_BODY_BYTES = 256

export type CitizenPageOptions = {
  readonly place: Place
  readonly people: readonly SyntheticCitizen[]
  /** The wallet's page, for the link on this machine. */
  readonly walletUrl: string
  readonly port: number
}

/** "Be a citizen": hands out offers for people who do not exist, on this machine only. */
export function openCitizenPage(options: CitizenPageOptions): Promise<Listening> {
  const made = new Map<number, MadeOffer>()
  const server = createServer((request, response) => {
    answer({ ...options, made }, request, response).catch(() =>
      send(response, 500, 'text/plain', ''),
    )
  })
  return listen({ server, port: options.port, orAnother: true })
}

type Page = CitizenPageOptions & { readonly made: Map<number, MadeOffer> }

async function answer(
  page: Page,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://citizens.invalid')
  const language = languageOf(searchParams.get('lang'), request.headers['accept-language'])
  const route = `${request.method} ${pathname}`
  if (route === 'GET /') {
    const { people, place } = page
    return send(response, 200, 'text/html', peoplePage(people, language, place.clock()))
  }
  if (route === 'GET /style.css') return send(response, 200, 'text/css', CITIZEN_PAGE_STYLE)
  if (route === 'POST /offers' && isOwnForm(request)) {
    const number = await makeOffer(page, await readPerson(request))
    response.writeHead(303, { location: `/offers/${number}?lang=${language}` }).end()
    return
  }
  const offer = page.made.get(Number(/^\/offers\/(\d{1,9})$/.exec(pathname)?.[1] ?? -1))
  if (offer === undefined) return send(response, 404, 'text/plain', 'not found\n')
  send(response, 200, 'text/html', offerPage(offer, language, pathname))
}

async function makeOffer(page: Page, at: number): Promise<number> {
  const { place, people, walletUrl, made } = page
  const citizen = people[at]
  if (citizen === undefined) throw new TypeError('no such person')
  const desk = await openOfferDesk({ dir: issuerFolder(place), clock: place.clock })
  try {
    const { offerUri, txCode } = await desk.createOffer({
      ...{ citizen: citizen.reference, guardian: null, types: TYPES, grant: 'pre-authorized' },
      ...{ deferred: false, by: 'value', txCode: 'generate' },
    })
    const qr = await drawQr(offerUri, { type: 'svg', errorCorrectionLevel: 'L', margin: 2 })
    const walletLink = `${walletUrl}#/receive?${new URLSearchParams({ offer: offerUri })}`
    const number = ([...made.keys()].at(-1) ?? 0) + 1
    made.set(number, { citizen, link: offerUri, walletLink, code: txCode, qr })
    made.delete(number - MOST_OFFERS)
    return number
  } finally {
    await desk.close()
  }
}

/** Browsers name the page that posts: another site's form makes no offer. */
function isOwnForm({ headers }: IncomingMessage): boolean {
  return headers.origin === `http://${headers.host ?? ''}`
}

async function readPerson(request: IncomingMessage): Promise<number> {
  let body = ''
  for await (const chunk of request.setEncoding('utf8')) {
    body += String(chunk)
    if (body.length > MOST_BODY_BYTES) throw new TypeError('too long')
  }
  return Number(new URLSearchParams(body).get('person') ?? Number.NaN)
}

function languageOf(asked: string | null, accepted = ''): PageLanguage {
  if (asked === 'en' || asked === 'zh-CN') return asked
  return /^en/i.test(accepted) ? 'en' : 'zh-CN'
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy':
      "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
