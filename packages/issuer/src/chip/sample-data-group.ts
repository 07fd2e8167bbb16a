import { derInteger, derOf } from './der-writing.js'
import { tagOfGroup } from './data-group.js'

/** A grey dot: the least that is a JPEG. */
const PICTURE = Buffer.from(
  '/9j/2wBDAAMCAgICAgMCAgIDAwMDBAYEBAQEBAgGBgUGCQgKCgkICQkKDA8MCgsOCwkJDRENDg8QEBEQCgwSExIQEw8Q' +
    'EBD/yQALCAABAAEBAREA/8wABgAQEAX/2gAIAQEAAD8A0s8g/9k=',
  'base64',
)

/** Data group 1 around a machine readable zone. */
export function createGroup1(zone: string): Uint8Array {
  return derOf(tagOfGroup(1) ?? 0, derOf(0x5f1f, Buffer.from(zone, 'ascii')))
}

/**
 * Data group 2 with a picture that shows nobody.
 *
 * @see ICAO Doc 9303-10 §4.7.2, ISO/IEC 19794-5 §5
 */
export function createGroup2(): Uint8Array {
  const header = derOf(
    0xa1,
    derOf(0x80, Uint8Array.of(0x01, 0x01)),
    derOf(0x81, Uint8Array.of(0x02)),
    derOf(0x87, Uint8Array.of(0x01, 0x01)),
    derOf(0x88, Uint8Array.of(0x00, 0x08)),
  )
  const template = derOf(0x7f60, header, derOf(0x5f2e, faceRecord()))
  return derOf(tagOfGroup(2) ?? 0, derOf(0x7f61, derInteger(1), template))
}

function faceRecord(): Uint8Array {
  const face = Buffer.alloc(32)
  face.writeUInt32BE(face.length + PICTURE.length, 0)
  // A basic picture, JPEG, one by one.
  face.writeUInt8(1, 20)
  face.writeUInt16BE(1, 22)
  face.writeUInt16BE(1, 24)
  const head = Buffer.alloc(14)
  head.write('FAC\x00010\x00', 'latin1')
  head.writeUInt32BE(head.length + face.length + PICTURE.length, 8)
  head.writeUInt16BE(1, 12)
  return Buffer.concat([head, face, PICTURE])
}
