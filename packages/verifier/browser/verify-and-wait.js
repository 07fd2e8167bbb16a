// Served by the verifier itself. It runs under a strict Content Security Policy with Trusted Types:
// no inline style, no markup from text, no request to anybody but this verifier.

const POLL_MILLISECONDS = 1_500
const QUIET_ZONE = 4
const ELSEWHERE = new Set(['response_code_wrong', 'result_delivered'])
const SVG = 'http://www.w3.org/2000/svg'

/** @type {Readonly<Record<string, { qr: string, open: string }>>} */
const labels = {
  en: { qr: 'QR code: scan it with your wallet', open: 'Open the wallet on this device' },
  'zh-CN': { qr: '二维码：请用凭证夹扫描', open: '在本设备上打开凭证夹' },
}

/** Why nothing was verified; `code` names the step, `answer` is all that was told. */
export class VerifyError extends Error {
  /** @param {string} code @param {string} message @param {any} [answer] */
  constructor(code, message, answer = {}) {
    super(message)
    this.name = 'VerifyError'
    this.code = code
    this.answer = answer
  }
}

/**
 * @typedef {object} VerifyOptions
 * @property {string} query Name of what is asked, as the platform set it up.
 * @property {Element} into Where the QR code and the link are shown.
 * @property {string} [base] Where the verifier's routes are; found by itself.
 * @property {string} [deliverTo] The platform's own address that takes the result (middleware
 *   `certificate(query)`); its answer is what this resolves with. Default: the result itself.
 * @property {boolean} [browser] Ask through the browser (Digital Credentials API) where it can. Where it
 *   does not, or nothing came of it, the QR code or the link follows: a wallet that is a page is not
 *   among those a browser offers.
 * @property {boolean} [sameDevice] Whether the wallet is on this device; guessed.
 * @property {AbortSignal} [signal]
 */

/** Whether a wallet on this device has just led back to this page. */
export function cameBack() {
  return responseCode() !== null
}

/**
 * Asks the visitor's wallet and resolves with the result. On the page that a wallet leads back to,
 * call it again: it then resolves at once, and the page that was left rejects with the code
 * `continued_elsewhere`.
 *
 * @param {VerifyOptions} options
 * @returns {Promise<any>}
 */
export async function verifyAndWait(options) {
  const settings = { base: new URL('.', import.meta.url).href.replace(/\/$/, ''), ...options }
  const code = responseCode()
  if (code !== null) {
    history.replaceState(history.state, '', location.pathname + location.search)
    return deliver(settings, code)
  }
  if (settings.browser === true && 'DigitalCredential' in globalThis) {
    const asked = await askBrowser(settings)
    if (asked.isAnswered) return deliver(settings, null)
  }
  if (settings.sameDevice ?? matchMedia('(pointer: coarse)').matches) {
    await showLink(settings)
    return wait(settings)
  }
  await showQr(settings)
  return wait(settings)
}

/** @typedef {VerifyOptions & { base: string }} Settings */

function responseCode() {
  return new URLSearchParams(location.hash.slice(1)).get('response_code')
}

/** @param {Settings} settings @param {Record<string, string>} parameters */
function start({ base, query, signal }, parameters) {
  const asked = new URLSearchParams({ query, ...parameters })
  return ask(`${base}/start?${asked}`, { method: 'POST', signal })
}

/** @param {string} url @param {RequestInit & { signal?: AbortSignal | undefined }} options */
async function ask(url, { signal, ...options }) {
  const request = { ...options, ...(signal === undefined ? {} : { signal }) }
  const response = await fetch(url, { credentials: 'same-origin', redirect: 'error', ...request })
  const answer = await response.json().catch(() => ({}))
  if (response.ok) return answer
  throw new VerifyError(
    String(answer.code ?? answer.error ?? 'server_error'),
    String(answer.error_description ?? 'Something failed.'),
    answer,
  )
}

/** @param {Settings} settings @param {string | null} code */
function deliver({ base, deliverTo, signal }, code) {
  /** @type {Record<string, string>} */
  const headers = code === null ? {} : { 'netcert-response-code': code }
  return ask(deliverTo ?? `${base}/result`, { method: 'POST', headers, signal })
}

/** @param {Settings} settings */
async function wait(settings) {
  for (;;) {
    await pause(settings.signal)
    const { progress } = await ask(`${settings.base}/progress`, { signal: settings.signal })
    if (progress === 'answered') break
    if (progress === 'delivered') throw continuedElsewhere()
    if (progress !== 'waiting') throw new VerifyError('session_expired', 'The request has ended.')
  }
  settings.into.replaceChildren()
  return deliver(settings, null).catch((/** @type {unknown} */ error) => {
    // Not from here; or, since the last look, it went there already.
    const isElsewhere = error instanceof VerifyError && ELSEWHERE.has(error.code)
    throw isElsewhere ? continuedElsewhere() : error
  })
}

const continuedElsewhere = () =>
  new VerifyError('continued_elsewhere', 'It goes on in the page the wallet leads back to.')

/** @param {AbortSignal | undefined} signal @returns {Promise<void>} */
function pause(signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(new VerifyError('aborted', 'The page stopped waiting.'))
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, POLL_MILLISECONDS)
    if (signal?.aborted === true) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

/**
 * Asks through the browser. Not answered: it does not know the protocol, has no wallet, or the visitor
 * closed its question; then there are other ways.
 *
 * @param {Settings} settings @returns {Promise<{ isAnswered: boolean }>}
 */
async function askBrowser(settings) {
  const { request, answer_to: answerTo } = await start(settings, { flow: 'dc_api' })
  if (!isAllowed(request.protocol)) return { isAnswered: false }
  const data = await askWallet(request, settings.signal)
  if (data === null) return { isAnswered: false }
  const body = JSON.stringify({ data: typeof data === 'string' ? JSON.parse(data) : data })
  const headers = { 'content-type': 'application/json' }
  await ask(answerTo, { method: 'POST', headers, body, signal: settings.signal })
  return { isAnswered: true }
}

/** Whether the browser hands such a request on; one that cannot be asked is tried. @param {string} protocol */
function isAllowed(protocol) {
  const { DigitalCredential } = /** @type {any} */ (globalThis)
  return DigitalCredential?.userAgentAllowsProtocol?.(protocol) !== false
}

/**
 * What a wallet answered; null for nothing, whatever the browser calls its reason.
 *
 * @param {unknown} request @param {AbortSignal | undefined} signal @returns {Promise<unknown>}
 */
async function askWallet(request, signal) {
  const asked = /** @type {CredentialRequestOptions} */ (
    /** @type {unknown} */ ({
      digital: { requests: [request] },
      mediation: 'required',
      ...(signal === undefined ? {} : { signal }),
    })
  )
  try {
    const got = /** @type {unknown} */ (await navigator.credentials.get(asked))
    return /** @type {{ data: unknown } | null} */ (got)?.data ?? null
  } catch {
    // The page itself stopped waiting: that is no reason to ask in another way.
    if (signal?.aborted === true) throw new VerifyError('aborted', 'The page stopped waiting.')
    return null
  }
}

/** @param {Settings} settings */
async function showQr(settings) {
  const { qr } = await start(settings, {})
  settings.into.replaceChildren(drawQr(qr), walletLink(settings))
}

/** @param {Settings} settings */
async function showLink(settings) {
  const link = document.createElement('a')
  link.href = linkOf(await start(settings, { return_to: here() }))
  link.textContent = text().open
  settings.into.replaceChildren(link)
}

/** Beside the QR code: somebody may have the wallet here all the same. @param {Settings} settings */
function walletLink(settings) {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = text().open
  const open = async () => {
    location.assign(linkOf(await start(settings, { return_to: here() })))
  }
  button.addEventListener('click', () => void open())
  return button
}

/** A wallet that is a web page, where the platform names one. @param {any} started */
const linkOf = (started) => started.wallet_link ?? started.request_uri

const here = () => location.pathname + location.search

function text() {
  const language = document.documentElement.lang.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
  return labels[language] ?? { qr: '', open: '' }
}

/** @param {readonly string[]} rows */
function drawQr(rows) {
  const size = rows.length + 2 * QUIET_ZONE
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`)
  svg.setAttribute('width', '280')
  svg.setAttribute('height', '280')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', text().qr)
  svg.setAttribute('shape-rendering', 'crispEdges')
  const paper = document.createElementNS(SVG, 'rect')
  paper.setAttribute('width', String(size))
  paper.setAttribute('height', String(size))
  paper.setAttribute('fill', '#fff')
  const ink = document.createElementNS(SVG, 'path')
  ink.setAttribute('d', rows.flatMap(drawRow).join(''))
  ink.setAttribute('fill', '#000')
  svg.append(paper, ink)
  return svg
}

/** @param {string} row @param {number} at */
function drawRow(row, at) {
  return Array.from(row.matchAll(/1+/g), ({ 0: run, index }) => {
    const x = index + QUIET_ZONE
    return `M${x} ${at + QUIET_ZONE}h${run.length}v1h-${run.length}z`
  })
}
