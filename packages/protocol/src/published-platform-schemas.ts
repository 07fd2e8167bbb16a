import { z } from 'zod'
import { accreditationSchema } from './accreditation-schema.js'
import { deletionAnswerSchema } from './deletion.js'
import { receiptSchema } from './disclosure-receipt.js'
import { erasureReceiptSchema } from './erasure-receipt.js'
import { requestReportSchema } from './request-report.js'

const documents = {
  accreditation: {
    title: 'Payload of a platform accreditation',
    description:
      'typ rc-wrp+jwt: ETSI TS 119 475 names, a W3C VC-JWT and what neither has. See docs/formats/accreditation.md.',
    schema: accreditationSchema,
  },
  'disclosure-receipt': {
    title: 'Payload of a disclosure receipt',
    description: 'typ netcert-receipt+jwt. See docs/formats/receipts.md.',
    schema: receiptSchema,
  },
  'deletion-answer': {
    title: 'Payload of the answer to a deletion request',
    description: 'typ netcert-deletion+jwt. See docs/formats/receipts.md.',
    schema: deletionAnswerSchema,
  },
  'erasure-receipt': {
    title: 'Payload of an erasure receipt',
    description: 'typ netcert-erasure+jwt. See docs/formats/receipts.md.',
    schema: erasureReceiptSchema,
  },
  'request-report': {
    title: 'Report of a request that asks too much',
    description: 'JSON, posted to the registrar. See docs/formats/receipts.md.',
    schema: requestReportSchema,
  },
} as const

/** The schemas of what goes between platforms, wallets and registrars, by their file's name. */
export type PlatformSchemaName = keyof typeof documents

/** The JSON Schema (draft 2020-12) published as `schemas/<name>.schema.json`, as the file's text. */
export function publishedPlatformSchema(name: PlatformSchemaName): string {
  const { title, description, schema } = documents[name]
  const document = { title, description, ...z.toJSONSchema(schema, { io: 'input' }) }
  return `${JSON.stringify(document, null, 2)}\n`
}
