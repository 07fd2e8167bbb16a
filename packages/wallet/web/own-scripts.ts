/**
 * The only scripts the page starts by address. The content policy demands Trusted Types: no other
 * place in the page can turn a text into a script.
 */
type ScriptPolicy = { createScriptURL(address: string): string }
type PolicyFactory = { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy }

const SERVICE_WORKER = './service-worker.js'
const allowed = new Set([SERVICE_WORKER])

const rules: ScriptPolicy = {
  createScriptURL(address) {
    if (allowed.has(address)) return address
    throw new TypeError('this page starts no other script')
  },
}

// Browsers without Trusted Types take the text as it is.
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes
const policy = factory?.createPolicy('netcert-wallet', rules) ?? rules

/** The service worker that keeps the page. */
export function registerServiceWorker(): Promise<ServiceWorkerRegistration> {
  return navigator.serviceWorker.register(policy.createScriptURL(SERVICE_WORKER))
}

/** A worker whose address the build gave, for the chunk that knows it. */
export function startWorker(address: string, name: string): Worker {
  allowed.add(address)
  return new Worker(policy.createScriptURL(address), { type: 'module', name })
}
