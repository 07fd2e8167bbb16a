/**
 * The only two scripts a page starts by address. The content policy demands Trusted Types: no other
 * place in the page can turn a text into a script.
 */
// oxlint-disable-next-line import/default -- Vite gives the address of the worker it builds
import scannerAddress from './reading/scanner-worker.ts?worker&url'

type ScriptPolicy = { createScriptURL(address: string): string }
type PolicyFactory = { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy }

const SERVICE_WORKER = './service-worker.js'

const rules: ScriptPolicy = {
  createScriptURL(address) {
    if (address === SERVICE_WORKER || address === scannerAddress) return address
    throw new TypeError('this page starts no other script')
  },
}

// Browsers without Trusted Types take the text as it is.
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
const policy = factory?.createPolicy('netcert-page', rules) ?? rules

/** The worker that reads codes from pictures. */
export function startScannerWorker(): Worker {
  return new Worker(policy.createScriptURL(scannerAddress), { type: 'module' })
}

/** The service worker that keeps the page. */
export function registerServiceWorker(): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(policy.createScriptURL(SERVICE_WORKER))
}
