import { Socket } from 'node:net'
import { type Command, Option } from 'commander'
import { refuseDebuggers } from '../closed-process.js'
import { exitCodes, type ExitCode, wrongUse } from '../failure.js'
import { listenForInterrupt } from '../interrupt.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { logConsole, operatorLog } from '../operator-log.js'
import { styled } from '../screen.js'
import { INHERITED } from '../signer-process.js'
import { withIssuer } from '../with-issuer.js'

type SignerOptions = {
  readonly socket?: string
  readonly group?: true
  readonly inherited?: true
}

/** `netcert signer`: holds the key that certificates are signed with, in a process of its own. */
export function addSignerCommands(program: Command): void {
  const signer = program
    .command('signer')
    .description('sign planned certificates for `serve --signer`, as another user')
    .option('--socket <path>', 'Unix domain socket to answer at')
    .option('--group', 'let the group of the socket ask, too')
    .addOption(new Option('--inherited', 'answer the process that started this one').hideHelp())
    .addHelpText(
      'after',
      `
It is asked for batches by reference and signs what their plans in the database say, once each; it
takes no text to sign. Its folder needs netcert.json, secrets/master.key and secrets/signer.key; the
server's folder can then do without secrets/signer.key. \`serve\` without --signer starts one itself.

Examples:
  netcert signer --dir /srv/netcert-signer --socket /run/netcert/signer --group
  netcert serve issuer --dir /srv/netcert --signer /run/netcert/signer`,
    )
  perform<SignerOptions>(signer, serveSigner)
  addResume(signer)
  addSeparate(signer)
}

async function serveSigner(invocation: Invocation, options: SignerOptions): Promise<ExitCode> {
  refuseDebuggers()
  const { socket, group, inherited } = options
  if (inherited === true) return answerParent(invocation)
  if (socket === undefined) throw wrongUse('Where shall it answer?', 'Give --socket <path>.')
  const interruption = listenForInterrupt('Run the same command again.')
  const { listenForSigning, openSigner } = await import('@netcert/issuer/signer')
  try {
    const { screen } = invocation
    const opened = await openSigner(signerOptions(invocation))
    try {
      const listening = await listenForSigning({ opened, socket, forGroup: group === true })
      screen.line(styled('green', 'Ready'), `  ${socket}`)
      screen.result({ ready: true, socket })
      await interruption.wait()
      await listening.close()
    } finally {
      await opened.close()
    }
    return exitCodes.done
  } finally {
    interruption.close()
  }
}

/** Ends when its parent ends or lets go; a Ctrl-C for both is the parent's to answer. */
async function answerParent(invocation: Invocation): Promise<ExitCode> {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {})
  const connection = new Socket({ fd: INHERITED, readable: true, writable: true })
  const ended = new Promise<void>((end) => connection.once('close', () => end()))
  const { openSigner, refuseAll } = await import('@netcert/issuer/signer')
  const opened = await openSigner(signerOptions(invocation)).catch((error: unknown) => {
    // Whoever asked is told why, and shows it.
    refuseAll(connection, error)
    return undefined
  })
  opened?.serve(connection)
  await ended
  await opened?.close()
  return opened === undefined ? exitCodes.fault : exitCodes.done
}

function signerOptions(invocation: Invocation) {
  const log = operatorLog(invocation)
  logConsole(log)
  return { dir: issuerDir(invocation), clock: invocation.clock, log }
}

function addResume(signer: Command): void {
  const command = signer
    .command('resume')
    .description('let signing go on after an alarm that you have looked into')
    .addHelpText(
      'after',
      `
\`netcert doctor\` names what was signed without a plan. If the key may have been used elsewhere,
make a new issuer instead.`,
    )
  perform(command, async (invocation) => {
    const { accepted } = await withIssuer(invocation, (issuer) => issuer.resumeSigning())
    invocation.screen.line(`Signing goes on; ${accepted} differences are taken as known.`)
    invocation.screen.result({ accepted })
  })
}

function addSeparate(signer: Command): void {
  const command = signer
    .command('separate')
    .description('give a folder from before there were signers its secrets/signer.key')
  perform(command, async (invocation) => {
    const { separateSigner } = await import('@netcert/issuer/signer')
    const dir = issuerDir(invocation)
    await separateSigner({ dir })
    invocation.screen.line(`The signing key is sealed with secrets/signer.key in ${dir} now.`)
    invocation.screen.result({ dir })
  })
}
