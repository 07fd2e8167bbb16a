import type { JsonObject } from '@netcert/credential'
import { type ArrivedWallet, type ArrivingContext, takeInMoved } from './arriving-device.js'
import { collectMoved } from './leaving-device.js'
import { openMoveFile, sealMoveFile } from './move-file.js'
import { readMovedWallet } from './moved-wallet.js'

/** To a new device, without a copy of any key. */
export type Moving = {
  /**
   * Settings, children's labels, platforms, ledger and erasure receipts in a file under a passphrase.
   *
   * @throws WalletError `passphrase_weak`, `ledger_broken`
   */
  export(options: { readonly passphrase: string; readonly settings: JsonObject }): Promise<string>
  /**
   * Takes such a file in. Nothing is changed where it does not open.
   *
   * @throws WalletError `move_unreadable`, `move_locked`, `ledger_broken`
   */
  import(options: { readonly file: string; readonly passphrase: string }): Promise<ArrivedWallet>
}

/** Moving to and from a wallet. */
export function createMoving(context: ArrivingContext): Moving {
  return {
    export: async ({ passphrase, settings }) =>
      sealMoveFile(JSON.stringify(await collectMoved(context, settings)), passphrase),
    import: async ({ file, passphrase }) =>
      takeInMoved(context, readMovedWallet(await openMoveFile(file, passphrase))),
  }
}
