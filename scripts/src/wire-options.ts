import { Option } from 'commander'

/** Plain http, for trials on one machine only. */
export const allowHttpLoopback = (): Option =>
  new Option('--allow-http-loopback', 'allow plain http to this machine, for trials')

/** What the option gives. */
export type LoopbackOption = { readonly allowHttpLoopback?: true }
