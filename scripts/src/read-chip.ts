import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CommandFailure, exitCodes } from './failure.js'
import { openInput } from './read-input.js'

/** The files of a document's chip, by their numbers. */
export type ChipFiles = {
  readonly sod: Uint8Array
  readonly dataGroups: ReadonlyMap<number, Uint8Array>
}

/** What a chip holds at most in one file, and a little more. */
const LIMIT_BYTES = 1024 * 1024 + 1

/**
 * Reads what a reader of chips put into a folder: `EF_SOD.bin`, `EF_DG1.bin` to `EF_DG16.bin`,
 * each as it stands on the chip. Other files are not looked at.
 *
 * @throws CommandFailure `file_missing` without EF_SOD.bin, and as for every input
 */
export async function readChip(folder: string): Promise<ChipFiles> {
  const dataGroups = new Map<number, Uint8Array>()
  let sod: Uint8Array | undefined
  for (const name of await readdir(folder)) {
    const number = /^EF_DG(1[0-6]|[1-9])\.bin$/.exec(name)?.[1]
    if (number !== undefined) dataGroups.set(Number(number), await bytesOf(folder, name))
    if (name === 'EF_SOD.bin') sod = await bytesOf(folder, name)
  }
  if (sod !== undefined) return { sod, dataGroups }
  throw new CommandFailure('file_missing', 'The folder holds no EF_SOD.bin.', {
    exit: exitCodes.wrongUse,
    cure: 'Name the files as `netcert chip sample` does: EF_SOD.bin, EF_DG1.bin, EF_DG2.bin.',
  })
}

async function bytesOf(folder: string, name: string): Promise<Uint8Array> {
  const path = join(folder, name)
  const file = await openInput({ path, what: 'a file of the chip', limitBytes: LIMIT_BYTES })
  try {
    return await file.readFile()
  } finally {
    await file.close()
  }
}
