/**
 * The name a certificate type's metadata is published under: `urn:netcert:gate-pass:1` is
 * `gate-pass.json`, as under `schemas/`.
 */
export function typeFileName(vct: string): string {
  const name = /^urn:netcert:([a-z-]+):1$/.exec(vct)?.[1]
  if (name === undefined) throw new TypeError('a type of ours is named urn:netcert:<name>:1')
  return `${name}.json`
}
