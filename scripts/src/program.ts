import { Command, Option } from 'commander'
import { oneOf } from './choices.js'
import { addApplicationCommands } from './commands/application.js'
import { addAuditCommands } from './commands/audit.js'
import { addCertificateCommands } from './commands/certificate.js'
import { addBackupCommands } from './commands/backup.js'
import { addChipCommands } from './commands/chip.js'
import { addCitizensCommands } from './commands/citizens.js'
import { addDemoCommand } from './commands/demo.js'
import { addDrillCommand } from './commands/drill.js'
import { addDoctorCommand } from './commands/doctor.js'
import { addGateCommands } from './commands/gate.js'
import { addGuardianCommands } from './commands/guardian.js'
import { addIssuerCommands } from './commands/issuer.js'
import { addKeysCommands } from './commands/keys.js'
import { addNumberCommands } from './commands/number.js'
import { addOfferCommands } from './commands/offer.js'
import { addOperatorCommands } from './commands/operator.js'
import { addPackCommands } from './commands/pack.js'
import { addPassCommands } from './commands/pass.js'
import { addPersonCommands } from './commands/person.js'
import { addPresenceCommands } from './commands/presence.js'
import { addPlatformCommands } from './commands/platform.js'
import { addRequestCommands } from './commands/request.js'
import { addRetentionCommands } from './commands/retention.js'
import { addServeCommands } from './commands/serve.js'
import { addSignerCommands } from './commands/signer.js'
import { addVerifierCommands } from './commands/verifier.js'
import { addVerifyCommand } from './commands/verify.js'
import { addWalletCommands } from './commands/wallet.js'

/** How the command line speaks. */
export type ProgramOptions = {
  /** Write no help to standard error: only JSON belongs there. */
  readonly quiet: boolean
  readonly version: string
}

/**
 * The command line: every command and its options. Building it loads no role; a command loads
 * what it needs when it runs.
 */
export function createProgram({ quiet, version }: ProgramOptions): Command {
  const program = new Command('netcert')
    .description('Network certificates: mint, hold, present, verify offline, revoke.')
    .version(version, '--version', 'print the version')
    .helpOption('-h, --help', 'show how a command is used')
    .helpCommand('help [command]', 'show how a command is used')
    .addOption(new Option('--dir <dir>', 'data folder (or NETCERT_DIR; default .netcert)'))
    .addOption(new Option('--json', 'print results and errors as JSON, for programs'))
    .addOption(
      new Option(
        '--lang <language>',
        'language of verdicts: zh-CN or en (else from LANG)',
      ).argParser(oneOf('zh-CN', 'en')),
    )
    .addOption(
      new Option(
        '--as <file>',
        "operator's key file (or NETCERT_OPERATOR_KEY), where they are registered",
      ),
    )
    .addOption(new Option('--second <file>', 'key file of a second operator, where two are needed'))
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    // What is wrong is said once, by the entry point, and in JSON when that was asked for.
    .configureOutput({ outputError: () => {}, ...(quiet ? { writeErr: () => {} } : {}) })
  addIssuerSide(program)
  program.commandsGroup('Citizen:')
  addWalletCommands(program)
  addPassCommands(program)
  addPlatformSide(program)
  program.commandsGroup('All of it:')
  addPackCommands(program)
  addServeCommands(program)
  addDemoCommand(program)
  addDoctorCommand(program)
  addDrillCommand(program)
  return program.addHelpText('after', overview)
}

/** What platforms and venues do. */
function addPlatformSide(program: Command): void {
  program.commandsGroup('Platform:')
  addVerifyCommand(program)
  addVerifierCommands(program)
  addRequestCommands(program)
  addGateCommands(program)
}

/** What operators of an issuer do. */
function addIssuerSide(program: Command): void {
  program.commandsGroup('Issuer:')
  addIssuerCommands(program)
  addCitizensCommands(program)
  addApplicationCommands(program)
  addCertificateCommands(program)
  addPersonCommands(program)
  addOfferCommands(program)
  addGuardianCommands(program)
  addPresenceCommands(program)
  addChipCommands(program)
  addNumberCommands(program)
  addPlatformCommands(program)
  addSignerCommands(program)
  addKeysCommands(program)
  addRetentionCommands(program)
  addBackupCommands(program)
  addOperatorCommands(program)
  addAuditCommands(program)
}

const overview = `
Exit codes: 0 done · 1 refused · 2 wrong use · 3 fault · 130 interrupted

The whole job, step by step:
  netcert init
  netcert citizens sample --count 1000 --out people.csv
  netcert citizens import people.csv
  netcert citizens list
  netcert mint --citizen <reference> --to-wallet ./wallet
  netcert publish --out ./public
  netcert wallet present --dir ./wallet --query age-over-18 \\
      --audience https://tickets.example --nonce n-1 --out answer.txt
  netcert verify answer.txt --trust .netcert/root.did --lists ./public \\
      --audience https://tickets.example --nonce n-1 --query age-over-18

The same over the network, on one machine:
  netcert serve all --allow-http-loopback
  netcert offer create --citizen <reference> --type network-certificate
  netcert wallet receive <offer_uri> --tx-code <code> --allow-http-loopback
  netcert request create --query age-over-18 --allow-http-loopback
  netcert wallet present <request_uri> --allow-http-loopback
  netcert request result <session> --allow-http-loopback

Or watch it: netcert demo --once`
