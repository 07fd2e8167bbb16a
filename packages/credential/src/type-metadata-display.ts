import { CredentialError } from './errors.js'
import { parseIntegrity } from './integrity.js'
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue, memberOf } from './json.js'

const orientations = ['portrait', 'landscape']
const schemes = ['light', 'dark']
const contrasts = ['normal', 'high']

/**
 * Checks the display entries of a type: each with `locale` and `name`, images only by https or data
 * URI. All texts in it stay untrusted; whoever shows them escapes them.
 *
 * @throws CredentialError `type_metadata_malformed`
 * @see SD-JWT VC §5.5
 */
export function assertTypeDisplay(display: JsonValue): asserts display is readonly JsonValue[] {
  for (const entry of readEntries(display, 'name')) {
    const rendering = memberOf(entry, 'rendering')
    if (rendering === undefined) continue
    if (!isJsonObject(rendering)) throw malformed('rendering is not an object')
    assertSimple(memberOf(rendering, 'simple'))
    assertTemplates(memberOf(rendering, 'svg_templates'))
  }
}

/**
 * Checks the display entries of a claim: each with `locale` and `label`.
 *
 * @throws CredentialError `type_metadata_malformed`
 * @see SD-JWT VC §5.6.2
 */
export function assertClaimDisplay(display: JsonValue): asserts display is readonly JsonValue[] {
  readEntries(display, 'label')
}

function readEntries(display: JsonValue, title: 'name' | 'label'): readonly JsonObject[] {
  if (!isJsonArray(display) || !display.every((entry) => isJsonObject(entry))) {
    throw malformed('display is not an array of objects')
  }
  for (const entry of display) {
    const locale = memberOf(entry, 'locale')
    const description = memberOf(entry, 'description')
    // RFC 5646 by its outline: a language and subtags.
    if (typeof locale !== 'string' || !/^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/u.test(locale)) {
      throw malformed('a display entry has no locale')
    }
    if (typeof memberOf(entry, title) !== 'string') {
      throw malformed(`a display entry has no ${title}`)
    }
    if (description !== undefined && typeof description !== 'string') {
      throw malformed('a display description is not a string')
    }
  }
  return display
}

function assertSimple(simple: JsonValue | undefined): void {
  if (simple === undefined) return
  if (!isJsonObject(simple)) throw malformed('rendering.simple is not an object')
  for (const name of ['logo', 'background_image']) {
    const image = memberOf(simple, name)
    if (image !== undefined) assertResource(image)
  }
  for (const name of ['background_color', 'text_color']) {
    const colour = memberOf(simple, name)
    if (colour !== undefined && typeof colour !== 'string')
      throw malformed(`${name} is not a string`)
  }
}

function assertTemplates(templates: JsonValue | undefined): void {
  if (templates === undefined) return
  if (!isJsonArray(templates)) throw malformed('svg_templates is not an array')
  for (const template of templates) {
    const resource = assertResource(template)
    const properties = memberOf(resource, 'properties')
    if (properties === undefined) {
      if (templates.length > 1) throw malformed('one of several svg_templates has no properties')
      continue
    }
    if (!isJsonObject(properties) || !hasKnownProperty(properties)) {
      throw malformed('the properties of an svg_template are not known')
    }
  }
}

function hasKnownProperty(properties: JsonObject): boolean {
  const rules: readonly (readonly [string, readonly string[]])[] = [
    ['orientation', orientations],
    ['color_scheme', schemes],
    ['contrast', contrasts],
  ]
  const named = rules.filter(([name]) => memberOf(properties, name) !== undefined)
  return (
    named.length > 0 &&
    named.every(([name, values]) => values.some((value) => value === memberOf(properties, name)))
  )
}

function assertResource(value: JsonValue): JsonObject {
  if (!isJsonObject(value)) throw malformed('an image is not an object')
  const uri = memberOf(value, 'uri')
  const integrity = memberOf(value, 'uri#integrity')
  if (typeof uri !== 'string' || !/^(?:https:\/\/|data:)/iu.test(uri)) {
    throw malformed('an image is neither https nor a data URI')
  }
  if (integrity !== undefined) parseIntegrity(integrity)
  return value
}

function malformed(reason: string): CredentialError {
  return new CredentialError(
    'type_metadata_malformed',
    `The type metadata cannot be used: ${reason}. Have its publisher correct it.`,
  )
}
