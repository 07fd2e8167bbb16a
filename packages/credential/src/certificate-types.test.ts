import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { jsonSchemas, queries, sectorTemplates, typeMetadataDocuments } from '@netcert/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import {
  certificateType,
  certificateTypes,
  claimClass,
  GATE_PASS,
  GUARDIANSHIP,
  NETWORK_CERTIFICATE,
  WARD_CERTIFICATE,
} from './certificate-types.js'
import { parseTypeMetadata } from './type-metadata.js'

const folder = new URL('../../../schemas/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')
const files = new Map([
  [NETWORK_CERTIFICATE, 'network-certificate.json'],
  [GATE_PASS, 'gate-pass.json'],
  [WARD_CERTIFICATE, 'ward-certificate.json'],
  [GUARDIANSHIP, 'guardianship.json'],
])

describe('the certificate types', () => {
  it.each([...files])('%s has the very bytes of its published file', (vct, file) => {
    const type = certificateType(vct)
    expect(type.documentText).toBe(read(file))
    const digest = createHash('sha256')
      .update(readFileSync(new URL(file, folder)))
      .digest('base64')
    expect(type.integrity).toBe(`sha256-${digest}`)
  })

  it('are all there and no other', () => {
    expect([...certificateTypes.keys()].toSorted()).toEqual([...files.keys()].toSorted())
  })

  it.each(typeMetadataDocuments)('$vct follows the schema and the standard', (document) => {
    const validate = new Ajv2020({ allErrors: true }).compile(jsonSchemas['type-metadata'] ?? {})
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(parseTypeMetadata(JSON.stringify(document)).vct).toBe(document.vct)
  })

  it('are refused by the schema with an unknown member or without a class', () => {
    const validate = new Ajv2020().compile(jsonSchemas['type-metadata'] ?? {})
    const [document] = typeMetadataDocuments
    const [claim] = document!.claims
    const { netcert_class: _class, ...withoutClass } = claim!
    expect(validate({ ...document, more: 1 })).toBe(false)
    expect(validate({ ...document, claims: [withoutClass] })).toBe(false)
  })

  it('are unknown under another spelling', () => {
    for (const vct of ['urn:netcert:network-certificate:2', `${GATE_PASS} `, 'constructor']) {
      expect(() => certificateType(vct)).toThrow(expect.objectContaining({ code: 'type_unknown' }))
    }
  })

  it('show what decides validity and hide everything else, each claim on its own', () => {
    for (const type of certificateTypes.values()) {
      for (const rule of type.claims) {
        const visible = rule.class === 'technical' || rule.path[0] === 'rep'
        const bandOfWard = type.vct === WARD_CERTIFICATE && rule.path[0] === 'age_band'
        expect([type.vct, rule.path, rule.sd]).toEqual([
          type.vct,
          rule.path,
          visible || bandOfWard ? 'never' : 'always',
        ])
      }
    }
  })

  it('have room for every claim before decoys', () => {
    for (const type of certificateTypes.values()) {
      const top = type.claims.filter((rule) => rule.sd === 'always' && rule.path.length === 1)
      expect(type.decoyDigests).toBeGreaterThanOrEqual(top.length)
    }
  })

  it('have a status only where they live longer than a week', () => {
    const withStatus = [...certificateTypes.values()].filter((type) =>
      type.claims.some((rule) => rule.path[0] === 'status'),
    )
    expect(withStatus.map((type) => type.vct)).toEqual([NETWORK_CERTIFICATE, WARD_CERTIFICATE])
  })

  it('name each claim in Chinese and English', () => {
    for (const type of certificateTypes.values()) {
      for (const { label } of type.claims) {
        expect(label['zh-CN']).toMatch(/\p{Script=Han}/u)
        expect(label.en).toMatch(/^[A-Z0-9]/)
      }
    }
  })
})

describe('the class of a claim', () => {
  const type = certificateType(NETWORK_CERTIFICATE)

  it.each([
    [['network_number'], 'number'],
    [['platform_number', 'b'], 'number'],
    [['age_equal_or_over', '18'], 'fact'],
    [['age_equal_or_over', '99'], 'fact'],
    [['family_name'], 'identity'],
    [['portrait', 0], 'identity'],
    [['exp'], 'technical'],
  ] as const)('of %j is %s', (path, expected) => {
    expect(claimClass(type, path)).toBe(expected)
  })

  it.each([[['shoe_size']], [[null]], [[0]], [[]], [['constructor']], [['age_equal_or_over18']]])(
    'of %j, which is not listed, is identity',
    (path) => {
      expect(claimClass(type, path)).toBe('identity')
    },
  )
})

describe('the named queries', () => {
  it('are the published files', () => {
    const names = readdirSync(new URL('queries/', folder)).map((file) => file.slice(0, -5))
    expect(Object.keys(queries).toSorted()).toEqual(names.toSorted())
    for (const [name, query] of Object.entries(queries)) {
      expect(read(`queries/${name}.json`)).toBe(`${JSON.stringify(query, null, 2)}\n`)
    }
  })

  it('ask only for claims their types have, and for identity only where a law of a sector says so', () => {
    const lawful = Object.values(sectorTemplates).filter((it) => it.legal_basis.startsWith('law:'))
    const names = new Set<string>(lawful.map((it) => it.query))
    for (const [name, { credentials }] of Object.entries(queries)) {
      const classes = ['fact', 'number', ...(names.has(name) ? ['identity'] : [])]
      for (const { meta, claims } of credentials) {
        for (const vct of meta.vct_values) {
          for (const { path, values } of claims) {
            const type = certificateType(vct)
            expect(type.claims.map((rule) => rule.path)).toContainEqual(path)
            expect(classes).toContain(claimClass(type, path))
            // A value asked of a number or identity claim would be a yes/no oracle.
            if (values !== undefined) expect(claimClass(type, path)).toBe('fact')
          }
        }
      }
    }
  })
})
