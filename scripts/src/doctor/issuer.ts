import { type Finding, failed, well } from './finding.js'

/** Whether the issuer opens: configuration, master key, databases, keys; the first trouble found. */
export async function checkIssuer(dir: string, clock: () => Date): Promise<Finding[]> {
  try {
    const { openIssuer } = await import('@netcert/issuer')
    const { close } = await openIssuer({ dir, clock })
    await close()
    return [well('Issuer', 'configuration, master key, databases and keys open')]
  } catch (error) {
    return [failed('Issuer', error)]
  }
}
