import { createHmac } from 'node:crypto'

/**
 * A tag that finds equal values again without keeping them. It is keyed: 18-digit numbers can be
 * counted through, so a plain hash of one would be no secret.
 */
export function keyedTag(key: Uint8Array, value: string): string {
  return createHmac('sha256', key).update(value, 'utf8').digest('base64url')
}
