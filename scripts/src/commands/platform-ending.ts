import type { Command } from 'commander'
import { type Invocation, perform } from '../invocation.js'
import { styled } from '../screen.js'
import { withRegistrar } from '../with-registrar.js'

const REASONS = `Reasons: platform_asked key_compromised rules_broken facts_changed merged ceased lawful_order
  unspecified`

/** `netcert platform revoke` and `remove`: the ends of an accreditation and of a platform. */
export function addPlatformEndings(platform: Command): void {
  const revoke = platform
    .command('revoke <id>')
    .description('take back accreditations of a platform: one purpose, or all')
    .option('--purpose <name>', 'one purpose alone')
    .requiredOption('--reason <code>', 'why: a code, such as key_compromised')
    .addHelpText(
      'after',
      `
${REASONS}
Wallets learn of it from the next lists: run \`netcert publish\` after it. Revoked is not renewed; it
takes \`platform accredit\` to begin again.

Examples:
  netcert platform revoke https://tickets.example --purpose ticketing --reason rules_broken`,
    )
  perform<RevokeOptions>(revoke, revokePlatform)
  const remove = platform
    .command('remove <id>')
    .description('remove a platform for good; its id is never given again')
    .requiredOption('--reason <code>', 'why: a code, such as ceased')
    .addHelpText(
      'after',
      `
${REASONS}
Everything accredited is revoked. The register goes on to show that the platform was there.

Examples:
  netcert platform remove https://tickets.example --reason ceased`,
    )
  perform<RemoveOptions>(remove, removePlatform)
}

type RevokeOptions = { readonly purpose?: string; readonly reason: string }

async function revokePlatform(
  invocation: Invocation,
  { purpose, reason }: RevokeOptions,
  [platform = '']: readonly string[],
): Promise<void> {
  const { revoked } = await withRegistrar(invocation, (registrar) =>
    registrar.revoke({ platform, reason, ...(purpose === undefined ? {} : { purpose }) }),
  )
  const { screen } = invocation
  screen.line(styled('bold', 'Revoked'), `  ${revoked} of ${platform}`)
  screen.line('  next  ', 'netcert publish')
  screen.result({ platform, revoked })
}

type RemoveOptions = { readonly reason: string }

async function removePlatform(
  invocation: Invocation,
  { reason }: RemoveOptions,
  [platform = '']: readonly string[],
): Promise<void> {
  await withRegistrar(invocation, (registrar) => registrar.remove({ platform, reason }))
  const { screen } = invocation
  screen.line(styled('bold', 'Removed'), `  ${platform}`)
  screen.line('  next  ', 'netcert publish')
  screen.result({ platform, removed: true })
}
