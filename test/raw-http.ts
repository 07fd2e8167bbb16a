import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection that says `text` and then nothing; what comes back is let pass. */
export async function hold(port: number, text = ''): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  // Being cut off is what these connections are for.
  socket.on('error', () => undefined)
  socket.resume()
  await once(socket, 'connect')
  if (text !== '') socket.write(text)
  return socket
}

export type RawAnswer = {
  readonly status: number | null
  readonly head: string
  readonly body: string
}

/** Sends exactly these bytes and hears until the server closes; `null` is no answer at all. */
export function talk(port: number, text: string): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    let heard = ''
    socket.setEncoding('latin1').on('data', (part: string) => (heard += part))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      const [head = '', body = ''] = heard.split('\r\n\r\n')
      const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]
      resolve({
        status: status === undefined ? null : Number(status),
        head: head.toLowerCase(),
        body,
      })
    })
  })
}

/** Milliseconds until the server is rid of a client that sends a byte every fifth of a second. */
export async function patienceWith(port: number, start: string): Promise<number> {
  const began = performance.now()
  const socket = await hold(port, start)
  const trickle = setInterval(() => socket.write('x'), 200)
  await once(socket, 'close')
  clearInterval(trickle)
  return performance.now() - began
}
