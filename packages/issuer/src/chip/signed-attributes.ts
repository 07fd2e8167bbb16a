import { Attribute } from '@peculiar/asn1-cms'
import { parseAsn1 } from './asn1-values.js'
import { DER_TAG, malformed, readDerElement, readDerElements } from './der.js'
import { readObjectIdentifier } from './object-identifier.js'

/** The two attributes that a signature must be over. Others are signed and not looked at. */
export type SignedAttributes = {
  readonly contentType: string
  readonly messageDigest: Uint8Array
}

const CONTENT_TYPE = '1.2.840.113549.1.9.3'
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4'

/**
 * Reads the signed attributes of a signer.
 *
 * @throws IssuerError `chip_malformed`, also when one is missing or stands there twice
 * @see RFC 5652 §11.1, §11.2
 */
export function attributesOf(signedAttributes: Uint8Array): SignedAttributes {
  const values = new Map<string, Uint8Array>()
  for (const { whole } of readDerElements(readDerElement(signedAttributes).content)) {
    const { attrType, attrValues } = parseAsn1(whole, Attribute, 'a signed attribute')
    const [value] = attrValues
    if (value === undefined || values.has(attrType)) throw unreadable()
    if (attrValues.length === 1) values.set(attrType, new Uint8Array(value))
  }
  const contentType = values.get(CONTENT_TYPE)
  const messageDigest = values.get(MESSAGE_DIGEST)
  if (contentType === undefined || messageDigest === undefined) throw unreadable()
  const digest = readDerElement(messageDigest)
  if (digest.tag !== DER_TAG.octetString) throw unreadable()
  return {
    contentType: readObjectIdentifier(readDerElement(contentType)),
    messageDigest: digest.content,
  }
}

const unreadable = () => malformed('its signed attributes are not those of a document')
