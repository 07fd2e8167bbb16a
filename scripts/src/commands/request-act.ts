import type { VerifierDesk } from '@netcert/verifier/server'
import type { Command } from 'commander'
import { wrongUse } from '../failure.js'
import { type Invocation, perform } from '../invocation.js'
import { drawQrCode } from '../qr-code.js'
import { readInputJson } from '../read-input.js'
import { styled } from '../screen.js'
import { verdictOf } from '../verdict.js'
import { allowHttpLoopback, type LoopbackOption } from '../wire-options.js'

/** The platform's name for acts that are begun by hand. */
const NAME = 'by-hand'
const MAX_ACT_BYTES = 16 * 1024
const asking = { clientId: 'did', mode: 'direct_post.jwt' } as const

type WithDesk = <T>(
  invocation: Invocation,
  options: LoopbackOption,
  work: (desk: VerifierDesk) => Promise<T>,
) => Promise<T>

/** `netcert request act|hand-over|consent`: an act of somebody of 14 to 17, and their guardian's consent. */
export function addActCommands(request: Command, withDesk: WithDesk): void {
  addAct(request, withDesk)
  addHandOver(request, withDesk)
  addConsent(request, withDesk)
}

function addAct(request: Command, withDesk: WithDesk): void {
  const command = request
    .command('act')
    .argument('<file>', 'JSON: action in zh-CN and en, limit or null, expires_at; - reads stdin')
    .description('ask a minor of 14 to 17, and then their guardian, for one act')
    .addOption(allowHttpLoopback())
    .addHelpText(
      'after',
      `
The file says what both of them will read:
  {"action": {"zh-CN": "购买游戏道具", "en": "Buy an item in the game"},
   "limit": {"amount": "30.00", "currency": "CNY"}, "expires_at": "2026-12-01T12:00:00Z"}
The request is for the minor's wallet; the link is for the guardian, once the minor has answered.

Examples:
  netcert request act act.json --dir ./verifier
  netcert request act - --json < act.json`,
    )
  perform<LoopbackOption>(command, async (invocation, options, [path = '']) => {
    const { screen } = invocation
    const what = 'the act'
    const act = readAct(await readInputJson({ path, what, limitBytes: MAX_ACT_BYTES }))
    const begun = await withDesk(invocation, options, async (desk) => {
      const made = await desk.minorActs.begin({ ...asking, ...act, name: NAME })
      return { ...made, link: `${desk.baseUrl}/consent/${made.handover}` }
    })
    const { requestUri, expiresAt } = begun.request
    screen.line(styled('bold', 'For the minor'), `  good until ${expiresAt.toISOString()}`)
    screen.line(requestUri)
    await drawQrCode(screen, requestUri)
    screen.line(styled('bold', 'For the guardian'), `  until ${begun.endsAt.toISOString()}`)
    screen.line(begun.link)
    screen.line('  next  ', `netcert request consent ${begun.act}`)
    screen.result({
      ...{ act: begun.act, request_uri: requestUri, expires_at: expiresAt },
      ...{ hand_over_link: begun.link, waits_until: begun.endsAt },
    })
  })
}

function addHandOver(request: Command, withDesk: WithDesk): void {
  const command = request
    .command('hand-over')
    .argument('<act>', 'as `request act` gave it')
    .description('a fresh request for the guardian, as a link and QR code')
    .addOption(allowHttpLoopback())
    .addHelpText('after', '\nExample:\n  netcert request hand-over <act> --dir ./verifier')
  perform<LoopbackOption>(command, async (invocation, options, [act = '']) => {
    const { screen } = invocation
    const name = { by: 'id', value: act } as const
    const { request: made } = await withDesk(invocation, options, (desk) =>
      desk.minorActs.handOver(name, { ...asking, responseCode: null }),
    )
    screen.line(styled('bold', 'Request'), `  good until ${made.expiresAt.toISOString()}`)
    screen.line(made.requestUri)
    await drawQrCode(screen, made.requestUri)
    screen.result({ request_uri: made.requestUri, expires_at: made.expiresAt })
  })
}

function addConsent(request: Command, withDesk: WithDesk): void {
  const command = request
    .command('consent')
    .argument('<act>', 'as `request act` gave it')
    .description('what minor and guardian agreed to, once; exit 1 where they did not')
    .addOption(allowHttpLoopback())
    .addHelpText('after', '\nExample:\n  netcert request consent <act> --dir ./verifier --json')
  perform<LoopbackOption>(command, async (invocation, options, [act = '']) => {
    const { screen, language } = invocation
    const { sentenceFor } = await import('@netcert/verifier')
    const result = await withDesk(invocation, options, (desk) =>
      desk.minorActs.result(act, { name: NAME, responseCode: null }).catch((error: unknown) => {
        throw verdictOf(error, (code) => sentenceFor(code, language))
      }),
    )
    screen.line(styled('green', 'Consented'), `  ${result.action[language]}`)
    screen.line(JSON.stringify(result))
    screen.result(result)
  })
}

type Act = Pick<Parameters<VerifierDesk['minorActs']['begin']>[0], 'action' | 'limit' | 'expiresAt'>

/** The members of the file; whether they can be shown is the verifier's to say. */
function readAct(value: unknown): Act {
  const members = typeof value === 'object' && value !== null ? value : {}
  const { action, limit, expires_at: ends, ...more } = members as Record<string, unknown>
  const expiresAt = new Date(typeof ends === 'string' ? ends : Number.NaN)
  const isWhole = isTexts(action) && (limit === null || isLimit(limit))
  if (Object.keys(more).length > 0 || !isWhole || Number.isNaN(expiresAt.getTime())) {
    throw wrongUse(
      'The act is not readable.',
      'Give action {zh-CN, en}, limit {amount, currency} or null, and expires_at; nothing else.',
    )
  }
  return { action, limit, expiresAt }
}

function isTexts(value: unknown): value is Act['action'] {
  return isOf(value, ['en', 'zh-CN'])
}

function isLimit(value: unknown): value is NonNullable<Act['limit']> {
  return isOf(value, ['amount', 'currency'])
}

function isOf(value: unknown, names: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  const entries = Object.entries(value)
  return (
    entries.length === names.length &&
    entries.every(([name, text]) => names.includes(name) && typeof text === 'string')
  )
}
