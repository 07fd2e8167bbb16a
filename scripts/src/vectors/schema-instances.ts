import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isJsonObject, type JsonObject, type JsonValue } from '@netcert/credential'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { Judgement } from './judge.js'
import { asObject, listOf, textOf } from './operation.js'

/** Judges `schemas/instances.json`: each instance against the schema it names. */
export function judgeInstances(
  folder: string,
  file: JsonObject,
): readonly { readonly id: string; readonly judgement: Judgement }[] {
  // Formats are checked by our own code, never by the schema; unknown keywords are annotations.
  const ajv = new Ajv2020({ strict: false, validateFormats: false })
  return listOf(file, 'instances').map((entry, position) => {
    const { schema, valid, instance, why } = asObject(entry)
    const name = textOf(asObject(entry), 'schema')
    const text = readFileSync(join(folder, name), 'utf8')
    const definition = JSON.parse(text) as JsonValue
    if (schema === undefined || !isJsonObject(definition)) throw new TypeError(`no schema ${name}`)
    const result = ajv.compile(definition)(instance)
    const id = `schema-${position}-${name.replace('.schema.json', '')} (${JSON.stringify(why)})`
    return {
      id,
      judgement:
        result === valid
          ? { result: 'passed', reasonDiffers: false }
          : { result: 'failed', why: `expected ${valid === true}, got ${result}` },
    }
  })
}
