import { hear } from './vp-wallet-ground.js'

type Heard = Awaited<ReturnType<typeof hear>>

/** A browser on a platform's page: it keeps cookies, and says which page posts. */
export type Visitor = {
  readonly cookies: Map<string, string>
  readonly get: (path: string) => Promise<Heard>
  readonly post: (path: string, form?: Readonly<Record<string, string>>) => Promise<Heard>
}

/** Paths are below `<origin>/netcert`. */
export function visitor(origin: string): Visitor {
  const cookies = new Map<string, string>()
  const send = async (path: string, init: RequestInit): Promise<Heard> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, ...(init.method === 'POST' ? { origin } : {}) }
    const response = await fetch(`${origin}/netcert${path}`, { ...init, headers })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    return hear(response)
  }
  return {
    cookies,
    get: (path) => send(path, {}),
    post: (path, form) =>
      send(path, {
        method: 'POST',
        ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
      }),
  }
}
