import { describe, expect, it } from 'vitest'
import { assertFetchable, assertPublicAddress } from './fetch-guard.js'

const blocked = expect.objectContaining({ code: 'fetch_blocked' })

describe('an address to fetch', () => {
  it.each([
    'https://status.example/lists/7',
    'https://status.example:8443/lists/7?time=1',
    'HTTPS://STATUS.EXAMPLE/lists/7',
    'https://93.184.215.14/l',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/l',
  ])('%s may be fetched', (uri) => {
    expect(() => assertFetchable(uri)).not.toThrow()
  })

  it.each([
    'http://status.example/l',
    'ftp://status.example/l',
    'file:///etc/passwd',
    'data:,x',
    'https:status.example/l',
    'https://',
    'https://user@status.example/l',
    'https://user:word@status.example/l',
    'https://status.example\\@evil.example/l',
    'https://status.example/\nl',
    ' https://status.example/l',
    'https://stätus.example/l',
    'https://localhost/l',
    'https://LOCALHOST./l',
    'https://a.localhost/l',
    'https://printer.local/l',
    'https://metadata.google.internal/x',
    'https://router.home.arpa/',
    'https://intranet/l',
    'https://0.0.0.0/l',
    'https://127.0.0.1/l',
    'https://127.1/l',
    'https://0x7f.1/l',
    'https://2130706433/l',
    'https://0177.0.0.1/l',
    'https://10.1.2.3/l',
    'https://172.16.0.1/l',
    'https://172.31.255.255/l',
    'https://192.168.1.1/l',
    'https://169.254.169.254/latest',
    'https://100.64.0.1/l',
    'https://198.18.0.1/l',
    'https://224.0.0.1/l',
    'https://255.255.255.255/l',
    'https://[::]/l',
    'https://[::1]/l',
    'https://[::ffff:127.0.0.1]/l',
    'https://[::ffff:8.8.8.8]/l',
    'https://[64:ff9b::7f00:1]/l',
    'https://[fd00::1]/l',
    'https://[fe80::1]/l',
    'https://[ff02::1]/l',
    'https://[2001:db8::1]/l',
    'https://[2002:7f00:1::]/l',
    `https://status.example/${'a'.repeat(2_048)}`,
  ])('%s may not', (uri) => {
    expect(() => assertFetchable(uri)).toThrow(blocked)
  })
})

describe('an address that a name resolved to', () => {
  it.each(['8.8.8.8', '172.15.255.255', '172.32.0.0', '2606:4700::1111', '2001:200::1'])(
    '%s is public',
    (address) => {
      expect(() => assertPublicAddress(address)).not.toThrow()
    },
  )

  it.each(['', '8.8.8', '8.8.8.8.8', '08.8.8.8', '8.8.8.256', '1:2:3', '1::2::3', '2606:4700:::1'])(
    '%s is none',
    (address) => {
      expect(() => assertPublicAddress(address)).toThrow(blocked)
    },
  )

  it.each(['2001:1ff:ffff::1', '2001::1', '3fff::1', '4000::1', '1fff::1'])(
    '%s is not public',
    (address) => {
      expect(() => assertPublicAddress(address)).toThrow(blocked)
    },
  )
})
