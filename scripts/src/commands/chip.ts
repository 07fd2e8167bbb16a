import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { VerifiedChip } from '@netcert/issuer/chip'
import type { Command } from 'commander'
import { wrongUse } from '../failure.js'
import { type Invocation, issuerDir, perform } from '../invocation.js'
import { readChip } from '../read-chip.js'
import { readInputJson } from '../read-input.js'
import { styled } from '../screen.js'

/** `netcert chip …`: chips of travel documents, and synthetic ones to try things with. */
export function addChipCommands(program: Command): void {
  const chip = program
    .command('chip')
    .description('chips of travel documents (ICAO 9303), and synthetic ones to try things with')
  addInspect(chip)
  addSample(chip)
}

type InspectOptions = {
  readonly from: string
  readonly csca?: string
  readonly holder?: true
}

function addInspect(chip: Command): void {
  const command = chip
    .command('inspect')
    .description('tell whether a chip is genuine: who signed it, with what, and until when')
    .requiredOption('--from <folder>', 'EF_SOD.bin, EF_DG1.bin … as they stand on the chip')
    .option('--csca <folder>', 'trusted countries (default: csca in the data folder)')
    .option('--holder', 'show what the machine readable zone says of the holder')
    .addHelpText(
      'after',
      `
The folder of trusted countries holds certificates of country signing authorities (.der, .cer,
.crt, .pem) and master lists (.ml) signed under one of those. Nothing is kept of what is read.
Exit 1: the chip is not genuine; the code names the step that failed. A genuine chip may still
be a copy of one: passive authentication does not tell.

Examples:
  netcert chip inspect --from ./chip
  netcert chip inspect --from ./sample --csca ./sample/csca --holder --json`,
    )
  perform<InspectOptions>(command, inspectChip)
}

async function inspectChip(invocation: Invocation, options: InspectOptions): Promise<void> {
  const { screen } = invocation
  const now = invocation.clock()
  const { readCscaFolder, verifyDocumentChip } = await import('@netcert/issuer/chip')
  const chip = await readChip(options.from)
  const folder = options.csca ?? join(issuerDir(invocation), 'csca')
  const { certificates, unreadable } = await readCscaFolder(folder, now)
  const verified = verifyDocumentChip({ ...chip, cscaCertificates: certificates, now })
  const { documentSigner, mrz } = verified
  screen.line(styled('green', 'Genuine'), `  ${mrz.documentCode} of ${mrz.issuingState}`)
  screen.line('  signed by    ', `${documentSigner.country} ${documentSigner.serialNumber}`)
  screen.line('  with         ', verified.signatureAlgorithm)
  screen.line('  data groups  ', verified.dataGroups.join(' '))
  screen.line('  face         ', verified.face === 'present' ? 'present' : 'not there')
  if (unreadable > 0) screen.note(`${unreadable} certificates of master lists cannot be read`)
  if (options.holder === true) {
    for (const [name, value] of Object.entries(holderOf(verified)))
      screen.line(`  ${name}  ${value}`)
  }
  screen.result(resultOf(verified, options.holder === true))
}

function holderOf({ mrz }: VerifiedChip) {
  return {
    document_number: mrz.documentNumber,
    family_name: mrz.familyName,
    given_name: mrz.givenName,
    birthdate: mrz.birthdate,
    sex: mrz.sex,
    nationality: mrz.nationality,
    expires: mrz.expires,
  }
}

function resultOf(verified: VerifiedChip, withHolder: boolean) {
  const { documentSigner: signer, mrz } = verified
  return {
    genuine: true,
    format: mrz.format,
    document_code: mrz.documentCode,
    issuing_state: mrz.issuingState,
    signer: {
      country: signer.country,
      serial_number: signer.serialNumber,
      valid_until: signer.validUntil,
      csca_fingerprint: signer.cscaFingerprint,
    },
    digest_algorithm: verified.digestAlgorithm,
    signature_algorithm: verified.signatureAlgorithm,
    data_groups: verified.dataGroups,
    face: verified.face === 'present',
    ...(withHolder ? { holder: holderOf(verified) } : {}),
  }
}

type SampleOptions = {
  readonly from: string
  readonly out: string
  readonly algorithm?: string
}

function addSample(chip: Command): void {
  const command = chip
    .command('sample')
    .description('make the chip of a document of Utopia, which no country issued')
    .requiredOption('--from <file>', 'what the document says, as JSON; - for standard input')
    .requiredOption('--out <folder>', 'where the files go; it must not exist')
    .option('--algorithm <name>', 'how it is signed (default ecdsa-p-256-sha256)')
    .addHelpText(
      'after',
      `
Nobody trusts Utopia until its certificate is put among the trusted ones, and its keys are gone
once the files are written. Capital letters only; format is TD3 (passport), TD2 or TD1 (card).
Algorithms: ecdsa-p-256-sha256 ecdsa-p-384-sha384 ecdsa-p-521-sha512
  ecdsa-p-256-explicit-sha256 ecdsa-brainpoolp256r1-sha256
  ecdsa-brainpoolp384r1-sha384 ecdsa-brainpoolp512r1-sha512
  ecdsa-brainpoolp384r1-explicit-sha384 rsa-2048-sha256 rsa-2048-sha512
  rsa-pss-2048-sha256 rsa-pss-2048-key-sha384

A file:
  { "document_number": "E12345678", "family_name": "OUYANG", "given_name": "XIAO MING",
    "nationality": "CHN", "birthdate": "1990-02-28", "sex": "female", "expires": "2034-01-01" }

Examples:
  netcert chip sample --from person.json --out ./sample
  netcert chip sample --from - --out ./sample --algorithm rsa-pss-2048-sha256 < person.json`,
    )
  perform<SampleOptions>(command, makeSample)
}

async function makeSample(invocation: Invocation, options: SampleOptions): Promise<void> {
  const { screen } = invocation
  const { SAMPLE_ALGORITHMS, createSampleAuthority, parseSampleDocument } = await import(
    '@netcert/issuer/chip'
  )
  const algorithm = options.algorithm ?? 'ecdsa-p-256-sha256'
  if (!SAMPLE_ALGORITHMS.some(({ name }) => name === algorithm)) {
    throw wrongUse('There is no such algorithm.', '`netcert chip sample --help` lists them.')
  }
  const what = 'the sample document'
  const value = await readInputJson({ path: options.from, what, limitBytes: 16 * 1024 })
  const document = parseSampleDocument(value)
  const authority = await createSampleAuthority({ algorithm, now: invocation.clock() })
  const { sod, dataGroups } = authority.issue(document)
  const out = resolve(options.out)
  const files: [string, Uint8Array][] = [
    ['EF_SOD.bin', sod],
    ...[...dataGroups].map(([number, bytes]): [string, Uint8Array] => [
      `EF_DG${number}.bin`,
      bytes,
    ]),
    ['document-signer.der', authority.documentSigner.certificate],
    ['csca/csca.der', authority.cscaCertificate],
    ['csca/masterlist.ml', authority.masterList],
  ]
  await mkdir(out, { mode: 0o700 })
  await mkdir(join(out, 'csca'), { mode: 0o700 })
  for (const [name, bytes] of files)
    await writeFile(join(out, name), bytes, { flag: 'wx', mode: 0o600 })
  screen.line(styled('green', 'Made'), `  ${out}`)
  for (const [name, bytes] of files) screen.line(`  ${name}  ${bytes.length} bytes`)
  screen.line(
    `  next  netcert chip inspect --from ${options.out} --csca ${join(options.out, 'csca')}`,
  )
  screen.result({ folder: out, algorithm, files: files.map(([name]) => name) })
}
