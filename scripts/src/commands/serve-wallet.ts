import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { wholeNumber } from '../choices.js'
import { exitCodes, type ExitCode, wrongUse } from '../failure.js'
import { listenForInterrupt } from '../interrupt.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { exists } from '../verifier-folder.js'
import type { WalletPageSettings } from '../wallet-page.js'

type ServeWalletOptions = {
  readonly port: number
  readonly host: string
  readonly issuer?: string
  readonly trust?: string
  readonly name?: string
  readonly nameEn?: string
}

/** `netcert serve wallet`: the page of the citizens' wallet. Call it with the `serve` command. */
export function addServeWallet(serve: Command): Command {
  const command = serve
    .command('wallet')
    .description('the page of the citizens’ wallet (--dir is its issuer, or --issuer and --trust)')
    .addOption(
      new Option('--port <n>', 'port to listen on').default(8660).argParser(wholeNumber(0, 65_535)),
    )
    .addOption(new Option('--host <address>', 'address to listen on').default('127.0.0.1'))
    .option('--issuer <url>', 'base URL of the issuer (else of the issuer in --dir)')
    .option('--trust <root.did>', 'its root, as file or did:key (else of the issuer in --dir)')
    .option('--name <name>', 'its name in Chinese (else its host)')
    .option('--name-en <name>', 'its name in English (else as --name)')
    .addHelpText(
      'after',
      `
Static files and wallet.json, which names the issuer: keys and certificates stay in the citizen's
browser and never pass here. Browsers keep keys for this machine (127.0.0.1) or for https: for citizens
put TLS in front. An issuer on this machine under http:// lets the page talk to this machine. Prints one
line when it takes requests; with --json {"ready":true,"url":…}. SIGTERM or Ctrl-C ends it (exit 0).

Examples:
  netcert serve wallet --dir ./issuer
  netcert serve wallet --issuer https://issuer.example --trust root.did --name 示例签发机构 --json`,
    )
  return perform<ServeWalletOptions>(command, serveWallet)
}

async function serveWallet(invocation: Invocation, options: ServeWalletOptions): Promise<ExitCode> {
  const { screen } = invocation
  const { serveWalletPage } = await import('../wallet-page.js')
  const interruption = listenForInterrupt('Run the same command again.')
  const { host, port } = options
  const settings = await settingsOf(invocation, options)
  const server = await serveWalletPage({ host, port, settings })
  try {
    screen.line(styled('green', 'Ready'), `  ${server.url}`)
    screen.result({ ready: true, url: server.url })
    await interruption.wait()
    return exitCodes.done
  } finally {
    await server.close()
    interruption.close()
  }
}

/** What the page says of its issuer: as the command says, or as the issuer's folder does. */
async function settingsOf(
  invocation: Invocation,
  { issuer, trust, name, nameEn }: ServeWalletOptions,
): Promise<WalletPageSettings> {
  const dir = issuerDir(invocation)
  const isNamed = issuer !== undefined && trust !== undefined
  if (!isNamed && !(await exists(join(dir, 'netcert.json')))) {
    throw wrongUse(
      'The page has to know its issuer.',
      'Name its folder with --dir, or give --issuer and --trust.',
    )
  }
  const { readRoot } = await import('../read-root.js')
  const url = baseUrlOf(issuer ?? (await configuredUrl(dir)))
  const zh = name ?? nameEn ?? url.host
  return {
    issuer: {
      root: await readRoot(trust ?? join(dir, 'root.did')),
      baseUrl: url.href.replace(/\/$/, ''),
      name: { 'zh-CN': zh, en: nameEn ?? zh },
    },
    allowHttpLoopback: url.protocol === 'http:',
  }
}

async function configuredUrl(dir: string): Promise<string> {
  const config: unknown = JSON.parse(await readFile(join(dir, 'netcert.json'), 'utf8'))
  return typeof config === 'object' && config !== null && 'base_url' in config
    ? String(config.base_url)
    : ''
}

/** https, or http on this machine. */
function baseUrlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const isLoopback = url?.protocol === 'http:' && /^(127\.0\.0\.1|localhost)$/.test(url.hostname)
  if (url !== null && (url.protocol === 'https:' || isLoopback)) return url
  throw wrongUse('--issuer is no address of an issuer.', 'https://…, or http:// on this machine.')
}
